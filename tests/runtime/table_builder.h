// Tables made by hand: what the emitters would write for a small container, for tests of the launcher alone.
#pragma once

#include <string>
#include <vector>

#include "runtime-bridge/table/table.h"

namespace bulkhead::test {

/// Builds a table that runs `programs` and allows nothing else; each call adds one thing.
class TableBuilder {
 public:
  explicit TableBuilder(const std::vector<std::string>& programs, table::Level level = table::Level::Standard);

  TableBuilder& memory(std::uint64_t bytes);
  TableBuilder& cpu(std::uint64_t milli);
  TableBuilder& pids(std::uint64_t count);
  TableBuilder& time(std::uint64_t milliseconds);
  TableBuilder& disk(std::uint64_t bytes);
  TableBuilder& open_files(std::uint64_t count);
  TableBuilder& environment(const std::string& name);
  TableBuilder& degrade(const std::string& name);
  /// Mounts the host's folder and permits `rights` on everything in it.
  TableBuilder& volume(const std::string& source, const std::string& target, std::uint16_t rights,
                       bool readonly = true);
  /// Permits rights on paths of the own root.
  TableBuilder& permit(const std::string& glob, std::uint16_t rights);
  TableBuilder& connect(const std::string& address, std::uint16_t port);
  /// Allows a call that is refused otherwise.
  TableBuilder& allow(int number);
  /// Makes the filter refuse a call without asking.
  TableBuilder& refuse(int number, std::uint16_t error);

  table::Table build() const;

 private:
  void allow_landlock(const std::string& path, std::uint16_t rights);
  table::Table table_;
  std::vector<std::pair<int, std::uint16_t>> refused_;
  std::vector<int> allowed_;
};

}  // namespace bulkhead::test
