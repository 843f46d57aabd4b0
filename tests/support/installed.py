"""Copies of the programs and models that anybody can read, as an installation is: the tree may be one that only root can."""
import os
import shutil

MODELS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "models")


def install(bulkhead, folder):
    """The program below `folder`, and the environment variables with which it finds its models there."""
    os.makedirs(folder, exist_ok=True)
    os.chmod(folder, 0o755)
    for name in ("bulkhead-exec", "bulkhead-init"):
        shutil.copy(os.path.join(os.path.dirname(bulkhead), "..", name), folder)
    models = shutil.copytree(MODELS, os.path.join(folder, "models"))
    return shutil.copy(bulkhead, folder), {"BULKHEAD_MODELS": models}
