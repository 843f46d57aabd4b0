#include "runtime-bridge/audit/json_line.h"

#include <gtest/gtest.h>

#include <random>

#include "scratch.h"

namespace bulkhead::audit {
namespace {

/// What escape_untrusted did, undone.
std::string unescape(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
    } else if (text[i + 1] == '\\') {
      out += text[++i];
    } else {
      out += static_cast<char>(std::stoi(text.substr(i + 2, 2), nullptr, 16));
      i += 3;
    }
  }
  return out;
}

TEST(JsonLine, WritesWhatTheReaderReads) {
  JsonLine line;
  line.text("a", "x\"y").number("n", 18446744073709551615u).integer("i", -3).boolean("b", true).null("z");
  line.open("o").text("p", "q").open("empty").close().close().texts("l", {"one", "two"});
  const auto fields = read_json_line(line.finish());
  ASSERT_TRUE(fields);
  EXPECT_EQ(fields->text("a"), "x\"y");
  EXPECT_EQ(fields->number("n"), 18446744073709551615u);
  EXPECT_FALSE(fields->number("i"));
  EXPECT_EQ(fields->find("i")->value, "-3");
  EXPECT_EQ(fields->boolean("b"), true);
  EXPECT_EQ(fields->find("z")->kind, JsonField::Kind::Null);
  EXPECT_EQ(fields->text("o.p"), "q");
  EXPECT_EQ(fields->text("l.0"), "one");
  EXPECT_EQ(fields->text("l.1"), "two");
  EXPECT_EQ(fields->find("o.empty"), nullptr);
}

TEST(JsonLine, AnyBytesBecomeValidJsonAndComeBack) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(random() % 64, '\0');
    for (char& c : bytes) c = static_cast<char>(random() & 0xFF);
    JsonLine line;
    line.text("object", bytes);
    const auto fields = read_json_line(line.finish());
    ASSERT_TRUE(fields) << line.finish();
    ASSERT_EQ(unescape(std::string(fields->text("object"))), bytes);
  }
}

TEST(JsonLine, PythonReadsEveryByteAndEveryPair) {
  const Scratch scratch;
  std::string all;
  for (int byte = 0; byte < 256; ++byte) {
    JsonLine line;
    line.text("object", std::string(1, static_cast<char>(byte)) + "\xE2\x80" + static_cast<char>(byte));
    all += line.finish() + "\n";
  }
  ASSERT_TRUE(write_file(scratch.file("lines"), all).ok());
  const std::string program =
      "python3 -I -c 'import json,sys,unicodedata\n"
      "n=0\n"
      "for l in open(sys.argv[1],\"rb\"):\n"
      "  v=json.loads(l.decode(\"utf-8\"))[\"object\"]; n+=1\n"
      "  assert not [c for c in v if unicodedata.category(c) in (\"Cc\",\"Cf\",\"Zl\",\"Zp\")], v\n"
      "assert n==256' ";
  EXPECT_EQ(system((program + scratch.file("lines")).c_str()), 0);
}

TEST(JsonLine, KeepsTextOfPeopleReadable) {
  EXPECT_EQ(escape_untrusted("/srv/größe/日本 \U0001F600", 100), "/srv/größe/日本 \U0001F600");
  EXPECT_EQ(escape_untrusted("a\\b", 100), "a\\\\b");
}

TEST(JsonLine, DisarmsControlsAndBidirectionalMarks) {
  EXPECT_EQ(escape_untrusted("a\nb\x1b[2J", 100), "a\\x0ab\\x1b[2J");
  EXPECT_EQ(escape_untrusted("\xE2\x80\xAE", 100), "\\xe2\\x80\\xae");
  EXPECT_EQ(escape_untrusted("\xED\xA0\x80\xC0\x80\xF5", 100), "\\xed\\xa0\\x80\\xc0\\x80\\xf5");
}

TEST(JsonLine, CutsLongStringsAndSaysSo) {
  const std::string cut = escape_untrusted(std::string(5000, 'x'), 4096);
  EXPECT_EQ(cut, std::string(4096, 'x') + "...");
}

TEST(JsonRead, RefusesWhatIsNotOneStrictObject) {
  for (const std::string bad : {"",
                                "{",
                                "[]",
                                "{}x",
                                "{\"a\":1,}",
                                "{\"a\":01}",
                                "{\"a\":1 \"b\":2}",
                                "{a:1}",
                                "{\"a\":tru}",
                                "{\"a\":\"\\ud800\"}",
                                "{\"a\":\"\\u+123\"}",
                                "{\"a\":\"\x01\"}",
                                "{\"a\":\"\xff\"}",
                                "{\"a\":1,\"a\":2}",
                                "{\"a\":-}",
                                "{\"a\":1.}",
                                "{\"a\":1e}",
                                "{\"a\":[1}",
                                "{\"a\":\"\\q\"}",
                                "{\"a\":\"",
                                "{\"a\"",
                                "{\"a\":"}) {
    EXPECT_FALSE(read_json_line(bad)) << bad;
  }
  for (const std::string good : {"{}", " {\"a\" : [ ] }", "{\"a\":[{\"b\":[1,2]},{}],\"c\":\"\\ud83d\\ude00\\n\\/\"}",
                                 "{\"a\":-0.5e+3}", "{\"a\":0}"}) {
    EXPECT_TRUE(read_json_line(good)) << good;
  }
}

TEST(JsonRead, BoundsDepthLengthAndNumberOfMembers) {
  std::string deep = "{\"a\":", close = "}";
  for (int i = 0; i < 7; ++i) deep += "[", close.insert(0, "]");
  EXPECT_TRUE(read_json_line(deep + "1" + close));
  EXPECT_FALSE(read_json_line(deep + "[1]" + close));
  EXPECT_FALSE(read_json_line("{\"a\":\"" + std::string(1 << 18, 'x') + "\"}"));
  std::string many = "{\"a\":[1";
  for (int i = 0; i < 5000; ++i) many += ",1";
  EXPECT_FALSE(read_json_line(many + "]}"));
  EXPECT_FALSE(read_json_line(std::string(100'000, '[')));
}

TEST(JsonLine, AListOfAnyLengthStaysALineThatIsRead) {
  std::vector<std::string> many(5000, "x"), long_ones(200, std::string(4096, '\\'));
  for (const auto& [words, kept] : {std::pair{many, kMaxListItems}, {long_ones, std::size_t{4}}}) {
    const std::string text = JsonLine().texts("command", words).finish();
    EXPECT_LT(text.size(), std::size_t{1} << 17);
    const auto fields = read_json_line(text);
    ASSERT_TRUE(fields.has_value());
    ASSERT_EQ(fields->all().size(), kept + 1);
    EXPECT_EQ(fields->all().back().value, "[" + std::to_string(words.size() - kept) + " more]");
  }
}

}  // namespace
}  // namespace bulkhead::audit
