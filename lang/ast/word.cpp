#include "lang/ast/word.h"

namespace bulkhead::ast {

std::string Path::text() const {
  std::string joined;
  for (const Name& part : parts) {
    if (!joined.empty()) joined += '.';
    joined += part.text;
  }
  return joined;
}

std::string to_string(Unit unit) {
  switch (unit) {
    case Unit::None:
      return "";
    case Unit::Byte:
      return "B";
    case Unit::KiB:
      return "KiB";
    case Unit::MiB:
      return "MiB";
    case Unit::GiB:
      return "GiB";
    case Unit::TiB:
      return "TiB";
    case Unit::Millisecond:
      return "ms";
    case Unit::Second:
      return "s";
    case Unit::Minute:
      return "min";
    case Unit::Hour:
      return "h";
  }
  return "";
}

}  // namespace bulkhead::ast
