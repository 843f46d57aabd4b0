#include "lang/base/result.h"

#include <cctype>
#include <cstring>

namespace bulkhead {

std::string SystemError::message() const {
  std::string text = operation;
  if (!object.empty()) text += " `" + object + "`";
  if (error != 0) {
    std::string reason = std::strerror(error);
    if (!reason.empty()) reason[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(reason[0])));
    text += ": " + reason;
  }
  if (!detail.empty()) text += error != 0 ? " (" + detail + ")" : ": " + detail;
  return text;
}

}  // namespace bulkhead
