// Text inside of an SVG picture.
#pragma once

#include <string>
#include <string_view>

namespace bulkhead::story {

/// With what XML keeps for itself written as entities. Control characters, most of which XML 1.0 cannot write, become
/// '?'.
std::string svg_text(std::string_view text);

}  // namespace bulkhead::story
