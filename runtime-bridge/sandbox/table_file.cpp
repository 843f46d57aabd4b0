#include "runtime-bridge/sandbox/table_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "runtime-bridge/table/encode.h"

namespace bulkhead::sandbox {

namespace {

constexpr int kAllSeals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

Result<std::string, Refusal> read_sealed(int fd, std::size_t max_bytes, const std::string& what) {
  const int seals = ::fcntl(fd, F_GET_SEALS);
  if (seals < 0 || (seals & kAllSeals) != kAllSeals) {
    return fail(
        Refusal{Step::CheckTable, seals < 0 ? errno : EPERM, what, "hand it over in a memfd with every seal set"});
  }
  struct stat found;
  if (::fstat(fd, &found) != 0 || found.st_size < 0 || static_cast<std::size_t>(found.st_size) > max_bytes) {
    return fail(Refusal{Step::CheckTable, EFBIG, what, ""});
  }
  std::string bytes(static_cast<std::size_t>(found.st_size), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::pread(fd, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    if (count <= 0) return fail(Refusal{Step::CheckTable, count < 0 ? errno : EIO, what, ""});
    done += static_cast<std::size_t>(count);
  }
  ::close(fd);
  return bytes;
}

}  // namespace

Result<table::Table, Refusal> load_table(int fd) {
  const Result<std::string, Refusal> bytes = read_sealed(fd, table::kMaxTableBytes, "table");
  if (!bytes.ok()) return fail(bytes.error());
  Result<table::Table, table::DecodeError> table = table::decode(std::string_view(*bytes));
  if (!table.ok()) {
    return fail(Refusal{Step::CheckTable, EBADMSG,
                        "byte " + std::to_string(table.error().offset) + ": " + table.error().text, ""});
  }
  return std::move(table).value();
}

Result<PlacedFile, Refusal> load_placed_file(const std::string& path, int fd) {
  Result<std::string, Refusal> bytes = read_sealed(fd, kMaxPlacedBytes, path);
  if (!bytes.ok()) return fail(bytes.error());
  return PlacedFile{path, std::move(bytes).value()};
}

}  // namespace bulkhead::sandbox
