// What to say of a command line whose words are not those of the command tree.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace bulkhead::cli {

/// The names of the subcommands of `app`, in its order.
std::vector<std::string> subcommand_names(const CLI::App& app);

/// What is wrong with the words of the command line before its options are looked at; "" if that is not it. CLI11 tells
/// of what is missing before it tells of what it does not know.
std::string misspelt(const CLI::App& root, int argc, const char* const* argv);

/// The whole text of a usage error: what is misspelt, else `message`, and where help is.
std::string with_suggestion(const CLI::App& app, int argc, const char* const* argv, const std::string& message);

}  // namespace bulkhead::cli
