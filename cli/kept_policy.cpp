#include "cli/kept_policy.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <vector>

#include "cli/file_identity.h"
#include "cli/own_folder.h"
#include "lang/base/file.h"

namespace bulkhead::cli {
namespace {

constexpr const char* kFolder = "answers";
constexpr std::size_t kMostNoteBytes = std::size_t{1} << 20;
constexpr const char* kMissing = "-";

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, std::max<std::size_t>(slash, 1));
}

std::vector<std::string> model_paths(const PolicyInput& input) {
  std::vector<std::string> paths = input.models;
  for (std::string& path : frontend::default_model_paths()) paths.push_back(std::move(path));
  return paths;
}

/// The identity, `kMissing` where there is nothing, "" where neither can be relied on.
std::string state_of(const std::string& path, std::time_t since) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? identity_of(path, since) : kMissing;
}

/// All that is known of the question before anything is read; paths mean something in a working folder only.
std::string note_path(const std::string& folder, const PolicyInput& input) {
  char* where = ::getcwd(nullptr, 0);
  const std::string build = build_identity();
  if (where == nullptr || build.empty()) return "";
  std::string all = build + '\0' + where;
  std::free(where);
  for (const auto* list : {&input.files, &input.volumes}) {
    all += '\0' + std::to_string(list->size());
    for (const std::string& one : *list) all += '\0' + one;
  }
  for (const std::string& volume : input.volumes) {  // what is behind the name now
    char* real = ::realpath(volume.substr(std::min(volume.find('='), volume.size() - 1) + 1).c_str(), nullptr);
    all += std::string(1, '\0') + (real == nullptr ? "" : real);
    std::free(real);
  }
  for (const std::string& path : model_paths(input)) all += '\0' + path;
  return folder + "/" + to_hex(sha256(all)) + ".of";
}

std::set<std::string> files_of(const PolicyInput& input, const source::SourceMap& sources,
                               const std::string& text_name) {
  std::set<std::string> files(input.files.begin(), input.files.end());
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const std::string& name = sources.name(source::FileId{i});
    if (name != text_name) files.insert(name);
  }
  return files;
}

/// The files, and every place where one of them would have been looked for before it was found.
std::set<std::string> places_of(const PolicyInput& input, const std::set<std::string>& files) {
  std::set<std::string> folders;
  for (const std::string& file : files) folders.insert(folder_of(file));
  for (const std::string& path : model_paths(input)) folders.insert(path);
  std::set<std::string> places = files;
  for (const std::string& file : files) {
    // `import a.b` is a/b.bh in some folder, so what was found ends with what was looked for.
    for (std::size_t slash = file.rfind('/'); slash != std::string::npos && slash > 0;
         slash = file.rfind('/', slash - 1)) {
      for (const std::string& folder : folders) places.insert(folder + file.substr(slash));
    }
    if (file.find('/') != 0) {
      for (const std::string& folder : folders) places.insert(folder + "/" + file);
    }
  }
  return places;
}

}  // namespace

std::optional<KeptPolicy> KeptPolicy::unchanged(const PolicyInput& input) {
  const std::string folder = cache_folder(kFolder);
  if (folder.empty() || !is_own_folder(folder)) return std::nullopt;
  const std::string note = note_path(folder, input);
  const Result<std::string> bytes = read_file(note, kMostNoteBytes);
  Digest key{};
  if (note.empty() || !bytes.ok() || bytes->size() < key.size()) return std::nullopt;
  std::copy_n(bytes->begin(), key.size(), key.begin());
  std::vector<std::string> fields;
  for (std::size_t at = key.size(); at < bytes->size();) {
    const std::size_t end = std::min(bytes->find('\0', at), bytes->size());
    fields.push_back(bytes->substr(at, end - at));
    at = end + 1;
  }
  if (fields.empty() || fields.size() % 2 != 0) return std::nullopt;
  for (std::size_t i = 0; i < fields.size(); i += 2) {
    if (fields[i + 1].empty() || state_of(fields[i], std::time(nullptr)) != fields[i + 1]) return std::nullopt;
  }
  return KeptPolicy(folder, key);
}

std::optional<KeptPolicy> KeptPolicy::of(const PolicyInput& input, const Policy& loaded, std::time_t since,
                                         const std::string& text_name) {
  const std::string folder = cache_folder(kFolder);
  if (folder.empty() || build_identity().empty() || !make_own_folder(folder)) return std::nullopt;
  const Digest& key = loaded.program.digest;
  std::string note(key.begin(), key.end());
  const std::set<std::string> files = files_of(input, *loaded.sources, text_name);
  for (const std::string& place : places_of(input, files)) {
    const std::string state = state_of(place, since);
    if (state.empty() || (state == kMissing && files.count(place) != 0)) note.clear();
    if (note.empty()) break;
    note += place + '\0' + state + '\0';
  }
  const std::string path = note_path(folder, input);
  if (!note.empty() && note.size() <= kMostNoteBytes && !path.empty()) (void)write_file(path, note, 0600);
  return KeptPolicy(folder, key);
}

Digest KeptPolicy::key_of(const std::string& what) const {
  return sha256(build_identity() + "\n" + to_hex(policy_) + "\n" + what);
}

std::optional<closure::MappedRelation> KeptPolicy::find(const std::string& what) const {
  const Digest key = key_of(what);
  return closure::MappedRelation::open(folder_ + "/" + to_hex(key) + ".answer", key);
}

void KeptPolicy::keep(const std::string& what, std::span<const std::string> names,
                      const closure::ClosedRelation& relation) const {
  const Digest key = key_of(what);
  (void)write_file(folder_ + "/" + to_hex(key) + ".answer", closure::encode_relation(key, names, relation), 0600);
}

}  // namespace bulkhead::cli
