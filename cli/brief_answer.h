// Answers without stories: whether, not along which lines. What was proved now and what an earlier run kept come to the
// same text. Everything stands in the order of names.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checker/query/question.h"
#include "checker/report/answer.h"

namespace bulkhead::cli {

/// Which rights bring information from files to a subject, or the other way.
using Ways = std::vector<ir::Right>;
const Ways& taking();
const Ways& giving();

/// "Desk can read Secrets": the claim that a question about objects comes to.
std::string can(const std::string& subject, ir::Right right, const std::string& objects);

/// Which subject has which of the rights that were asked about.
using Able = std::set<std::pair<std::string, ir::Right>>;
/// What one subject has, "read Secrets", and whom it may influence.
struct Reach {
  std::set<std::string> rights;
  std::set<std::string> influenced;
};
using Reaches = std::map<std::string, Reach>;

std::string headline(const query::WhoCan& question, std::size_t able, std::size_t subjects);
std::string headline(const query::WhatReach& question, std::size_t rights, std::size_t influenced, std::size_t others);
std::string headline(const query::PathBetween& question, bool found);

report::Answer brief(const query::WhoCan& question, const Able& able, std::size_t subjects);
/// `others`: how many subjects could have been influenced.
report::Answer brief(const query::WhatReach& question, const Reaches& reaches, std::size_t others);

/// The ends of a path: what they are called, and what they are.
using NamedEnds = std::pair<report::Answer::Node, report::Answer::Node>;
report::Answer brief(const query::PathBetween& question, const NamedEnds& ends, bool found);

}  // namespace bulkhead::cli
