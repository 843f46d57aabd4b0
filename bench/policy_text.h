// A policy as text with n containers of one profile, for the benchmarks that begin with text.
#pragma once

#include <string>

namespace bulkhead::bench {

inline std::string policy_text(std::size_t containers) {
  std::string text =
      "module bench.text;\nimport linux;\nimport profiles;\n"
      "file Secrets = \"/etc/{passwd,shadow}\", \"/root/**\";\nnet Registry = 10.0.7.0/24 port 443 tcp;\n"
      "profile worker uses standard {\n    limits { memory 128 MiB; cpu 0.5; pids 32; }\n    never read, write "
      "Secrets;\n}\n";
  for (std::size_t i = 0; i < containers; ++i) {
    const std::string n = std::to_string(i);
    text += "volume Data" + n + ";\nfile Inbox" + n + " = Data" + n + ":\"/in/**\";\n";
    text += "container Worker" + n + " uses worker {\n    user 10001;\n    mount Data" + n + " at \"/srv/data" + n +
            "\";\n";
    text +=
        "    may read Inbox" + n + ";\n    may read, write Data" + n + ":\"/out/**\";\n    may connect Registry;\n}\n";
    text += "prove c" + n + ": Worker" + n + " cannot read Secrets;\n";
  }
  return text;
}

}  // namespace bulkhead::bench
