// A program of somebody else: runs an allowed program and a hostile one, and gets the event of the second as an
// exception.
#include <runtime-bridge/embed/bulkhead.h>

#include <cstdio>
#include <fstream>
#include <string>

int main(int argc, char** argv) {
  using namespace bulkhead::embed;
  if (argc != 3) return 2;
  const std::string folder = argv[2];
  std::ofstream(folder + "/hostile.py") << "#!/usr/bin/python3\nopen('/etc/passwd')\n";
  std::ofstream(folder + "/gentle.py") << "#!/usr/bin/python3\nprint('gentle')\n";

  Request request;
  request.bulkhead = argv[1];
  request.command = {folder + "/gentle.py"};
  std::ofstream(folder + "/none.json") << "{\"capabilities\": []}\n";
  request.capabilities = folder + "/none.json";
  try {
    const Outcome outcome = run(request);
    if (outcome.code != 0 || !outcome.started) return 1;
    request.command = {folder + "/hostile.py"};
    run(request);
  } catch (const SandboxViolationError& error) {
    std::printf("%s: %s %s\n", error.event().name.c_str(), error.event().operation.c_str(),
                error.event().object.c_str());
    return error.event().object == "/etc/passwd" && !SandboxViolationError::retryable() ? 0 : 1;
  } catch (const RefusedError& error) {
    std::printf("refused: %s\n", error.what());
  }
  return 1;
}
