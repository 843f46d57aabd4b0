// JSON with places: what is read, what is refused, and where the message points.
#include "lang/import/json/json.h"

#include <gtest/gtest.h>

#include "lang/import/json/utf8.h"

namespace bulkhead::json {
namespace {

struct Read {
  source::SourceMap sources;
  diag::DiagnosticList list;
  std::optional<Document> document;

  explicit Read(std::string text, const Bounds& bounds = {}) {
    const auto file = sources.add("in.json", std::move(text));
    document = parse(sources, file, bounds, list);
  }
  source::Position first_error() const {
    const auto& span = list.all().front().span;
    return sources.position(span.file, span.begin);
  }
};

TEST(Json, ReadsEveryKindWithItsPlace) {
  const Read in(R"({"a": [1, -2.5e3, "x\u00e9\ud83d\ude00", true, null], "b/c~": {}})");
  ASSERT_TRUE(in.document);
  const auto& doc = *in.document;
  const Node* array = doc.find(doc.root(), "a");
  ASSERT_TRUE(array);
  ASSERT_EQ(array->items.size(), 5u);
  EXPECT_EQ(in.sources.slice(array->span), R"([1, -2.5e3, "x\u00e9\ud83d\ude00", true, null])");
  const Node& text = doc.at(array->items[2]);
  EXPECT_EQ(text.text, "x\xc3\xa9\xf0\x9f\x98\x80");
  EXPECT_EQ(in.sources.slice(text.span), R"("x\u00e9\ud83d\ude00")");
  EXPECT_EQ(doc.pointer(text), "/a/2");
  EXPECT_EQ(doc.pointer(*doc.find(doc.root(), "b/c~")), "/b~1c~0");
  EXPECT_EQ(doc.pointer(doc.root()), "");
  EXPECT_EQ(unsigned_of(doc.at(array->items[0])), 1u);
  EXPECT_FALSE(unsigned_of(doc.at(array->items[1])));
  EXPECT_EQ(doc.at(array->items[3]).kind, Kind::Bool);
  EXPECT_EQ(doc.at(array->items[4]).kind, Kind::Null);
}

TEST(Json, QuotedWordsAreStrings) {
  const Read in(R"(["true", "null", "1"])");
  ASSERT_TRUE(in.document);
  for (const auto id : in.document->root().items) EXPECT_EQ(in.document->at(id).kind, Kind::String);
}

class NotJson : public ::testing::TestWithParam<const char*> {};
TEST_P(NotJson, IsRefusedWithOneError) {
  const Read in(GetParam());
  EXPECT_FALSE(in.document);
  EXPECT_EQ(in.list.error_count(), 1u);
}
INSTANTIATE_TEST_SUITE_P(Json, NotJson,
                         ::testing::Values("", " ", "{", "[1,]", "{\"a\":1,}", "{'a':1}", "{a:1}", "# c\n{}", "{} # c",
                                           "{}\n{}", "{\"a\":01}", "{\"a\":\"x\\q\"}", "--- {}", "%YAML 1.2\n---\n{}",
                                           "{\"a\":&x 1}", "{\"a\":*x}", "{\"a\":!!str 1}", "{\"a\"}", "[1 2]",
                                           "[\"a\" \"b\"]", "{1:2}", "{[1]:2}", "{{}:2}", "[tru]", "[+1]", "[.5]",
                                           "[1.]", "[NaN]", "[0x10]", "{\"a\":}", "[,1]", "[\"\\ud83d\"]", "[\"a\nb\"]",
                                           "\xff", "[\"\xc0\x80\"]", "]", "}"));

TEST(Json, DuplicateKeysAreRefusedWithBothPlaces) {
  const Read in("{\"a\": 1,\n \"a\": 2}");
  ASSERT_EQ(in.list.error_count(), 1u);
  const auto& error = in.list.all().front();
  EXPECT_EQ(error.code, diag::Code::JsonDuplicateKey);
  EXPECT_EQ(in.first_error().line, 2u);
  ASSERT_EQ(error.labels.size(), 1u);
  EXPECT_EQ(in.sources.slice(error.labels[0].span), "\"a\"");
  EXPECT_EQ(error.labels[0].span.begin, 1u);
}
TEST(Json, KeysEqualAfterEscapesAreDuplicates) {
  EXPECT_FALSE(Read(R"({"a": 1, "\u0061": 2})").document);
}

TEST(Json, ErrorsPointAtTheirLine) {
  const Read in("{\n  \"a\": 1,\n  \"b\": tru\n}");
  ASSERT_TRUE(in.list.has_errors());
  EXPECT_EQ(in.first_error().line, 3u);
  EXPECT_EQ(in.first_error().column, 8u);
}

TEST(Json, NulBytesAndBadUtf8AreNamedWhereTheyStand) {
  const Read nul(std::string("{\"a\":\n \"x\0y\"}", 13));
  EXPECT_EQ(nul.first_error().line, 2u);
  EXPECT_EQ(nul.list.all().front().message, "a NUL byte");
  const Read bad("[\n\"\xed\xa0\x80\"]");
  EXPECT_EQ(bad.list.all().front().message, "invalid UTF-8");
  EXPECT_EQ(bad.first_error().column, 2u);
}

TEST(Json, DepthSizeAndCountAreBounded) {
  EXPECT_EQ(Read(std::string(10'000, '[')).list.all().front().code, diag::Code::JsonTooLarge);
  EXPECT_TRUE(Read(std::string(60, '[') + std::string(60, ']')).document);
  Bounds bounds;
  bounds.bytes = 4;
  EXPECT_EQ(Read("[1, 2]", bounds).list.all().front().code, diag::Code::JsonTooLarge);
  bounds.bytes = 1000;
  bounds.nodes = 3;
  EXPECT_TRUE(Read("[1, 2]", bounds).document);
  EXPECT_EQ(Read("[1, 2, 3]", bounds).list.all().front().code, diag::Code::JsonTooLarge);
}

TEST(Json, PrintableEscapesControlCharactersAndCutsBetweenScalars) {
  EXPECT_EQ(printable("a\x1b[31m`"), "a\\x1b[31m\\x60");
  const auto cut = printable(std::string(199, 'a') + "\xc3\xa9");
  EXPECT_FALSE(first_invalid_utf8(cut));
}

}  // namespace
}  // namespace bulkhead::json
