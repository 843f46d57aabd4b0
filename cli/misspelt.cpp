#include "cli/misspelt.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "lang/diag/diagnostic.h"

namespace bulkhead::cli {
namespace {

std::string nearest(const std::string& what, const std::vector<std::string>& names, const std::string& before) {
  const auto near = diag::did_you_mean(what, names);
  return near ? "; did you mean `" + before + *near + "`?" : "";
}

}  // namespace

std::vector<std::string> subcommand_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(sub->get_name());
  return names;
}

std::string misspelt(const CLI::App& root, int argc, const char* const* argv) {
  const CLI::App* app = &root;
  std::string path;
  int at = 1;
  for (std::vector<std::string> names; !(names = subcommand_names(*app)).empty(); ++at) {
    const std::string word = at < argc ? argv[at] : "";
    if (word.empty() && path.empty()) return "name a command";
    if (word.empty()) return "name what to do: `" + path + names.front() + "`";
    if (word.front() == '-') break;
    if (std::find(names.begin(), names.end(), word) == names.end())
      return "there is no command `" + path + word + "`" + nearest(word, names, path);
    app = app->get_subcommand(word);
    path += word + " ";
  }
  std::vector<std::string> options;
  for (const CLI::Option* option : app->get_options())
    options.insert(options.end(), option->get_lnames().begin(), option->get_lnames().end());
  for (; at < argc && std::string_view(argv[at]) != "--"; ++at) {
    const std::string word = argv[at], name = word.substr(0, word.find('='));
    if (word.rfind("--", 0) != 0) continue;
    if (std::find(options.begin(), options.end(), name.substr(2)) == options.end())
      return "there is no option `" + name + "`" + nearest(name.substr(2), options, "--");
  }
  return "";
}

std::string with_suggestion(const CLI::App& app, int argc, const char* const* argv, const std::string& message) {
  std::string said = misspelt(app, argc, argv);
  if (said.empty()) said = message;
  const bool word = said.size() > 1 && std::islower(static_cast<unsigned char>(said[1])) != 0;  // and no name: FILE
  if (word) said[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(said[0])));
  return "bulkhead: " + said + "\n`bulkhead --help` lists the commands and `bulkhead COMMAND --help` their options\n";
}

}  // namespace bulkhead::cli
