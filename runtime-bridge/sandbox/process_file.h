// Small files of /proc and of the cgroup file system: numbers and lines, read whole.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bulkhead::sandbox {

/// The contents (at most 1 MiB), "" where the file cannot be read.
std::string read_process_file(const std::string& path);

/// The same, for a reader to whom "cannot be read" and "is empty" differ: 0 or errno, `text` is what came before it.
int read_process_file(const std::string& path, std::string& text);

/// One write of `text`; 0 or errno.
int write_file_once(const std::string& path, std::string_view text);

/// The number that follows `key` at the start of a line, 0 if there is none. An empty key: the file's first number.
std::uint64_t number_after(const std::string& path, std::string_view key);

/// Every number of the file, one a line.
std::vector<std::uint64_t> numbers_in(const std::string& path);

/// When this process was started, in clock ticks since boot; 0 where that cannot be read.
std::uint64_t own_start_time();

/// The n-th field (from 1) of /proc/PID/stat behind the process name, which may hold anything; 0 if there is none.
std::uint64_t stat_field(const std::string& stat, unsigned n);

/// The lines, without their ends.
std::vector<std::string_view> lines_of(std::string_view text);
/// The parts between single spaces.
std::vector<std::string_view> words_of(std::string_view line);

}  // namespace bulkhead::sandbox
