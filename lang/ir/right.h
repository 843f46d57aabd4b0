// Rights and planes: the closed list of what can be done to what.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace bulkhead::ir {

/// The kinds of object that a right is exercised on.
enum class Plane : std::uint8_t { File, Net, Syscall, KernelCapability };
inline constexpr Plane kAllPlanes[] = {Plane::File, Plane::Net, Plane::Syscall, Plane::KernelCapability};

/// Read: contents and folder listing. Write: contents, attributes, creation, removal. Rename, Link: a second or another
/// name for an object. Execute: run or map as code. Connect, Bind: of sockets. Invoke: a syscall. Hold: a capability of
/// the kernel.
enum class Right : std::uint8_t { Read, Write, Rename, Link, Execute, Connect, Bind, Invoke, Hold };
inline constexpr Right kAllRights[] = {Right::Read,    Right::Write, Right::Rename, Right::Link, Right::Execute,
                                       Right::Connect, Right::Bind,  Right::Invoke, Right::Hold};

Plane plane_of(Right right);
std::string_view to_string(Plane plane);
std::string_view to_string(Right right);  // as it is spelt in the language
std::optional<Right> right_from(std::string_view text);

/// A set of rights; zero is none.
class Rights {
 public:
  constexpr Rights() = default;
  constexpr Rights(Right right) : bits_(bit(right)) {}

  static constexpr Rights from_bits(std::uint16_t bits) {
    Rights rights;
    rights.bits_ = bits;
    return rights;
  }
  static Rights all_of(Plane plane);

  constexpr std::uint16_t bits() const { return bits_; }
  constexpr bool has(Right right) const { return (bits_ & bit(right)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr Rights operator|(Rights other) const { return from_bits(static_cast<std::uint16_t>(bits_ | other.bits_)); }
  constexpr Rights operator&(Rights other) const { return from_bits(static_cast<std::uint16_t>(bits_ & other.bits_)); }
  friend constexpr bool operator==(Rights, Rights) = default;

 private:
  static constexpr std::uint16_t bit(Right right) {
    return static_cast<std::uint16_t>(1u << static_cast<unsigned>(right));
  }
  std::uint16_t bits_ = 0;
};

}  // namespace bulkhead::ir
