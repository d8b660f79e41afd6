// Text from outside, and headers as JSON.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <nlohmann/json.hpp>

#include "pawl/codec/headers_json.h"
#include "pawl/codec/text.h"

namespace pawl::codec {
namespace {

using Json = nlohmann::json;

TEST(TextTest, OnlyUtf8WithoutZeroIsText) {
  for (const char* text : {"", "abcdefgh", "grün und so weiter", "€", "\U0001F980", "\x7f"}) {
    EXPECT_TRUE(is_text(text)) << text;
  }
  for (const char* bytes : {"\xff",
                            "abcdefg\xc3",
                            "\xc0\x80",
                            "\xe0\x80\x80",
                            "\xed\xa0\x80",
                            "\xf4\x90\x80\x80",
                            "\xf5\x80\x80\x80",
                            "\x80",
                            "\xe2\x82"}) {
    EXPECT_FALSE(is_text(bytes));
  }
  EXPECT_FALSE(is_text(std::string_view("abcdefgh\0", 9)));
  EXPECT_FALSE(is_text(std::string_view("abc\0defgh", 9)));
}

// nlohmann's reader is the other opinion; control characters are escaped for it, as JSON demands.
RC_GTEST_PROP(TextTest, AgreesWithAnotherReaderOfUtf8, (const std::string& bytes)) {
  std::string json = "\"";
  for (const char c : bytes) {
    json += c == '"' || c == '\\' || (c > 0 && c < ' ') ? 'x' : c;  // U+0000 stays, and is refused
  }
  RC_ASSERT(is_text(bytes) == Json::accept(json + '"'));
}

TEST(TextTest, CutsBetweenCharacters) {
  EXPECT_EQ(cut_text("abc", 3), "abc");
  EXPECT_EQ(cut_text("a€", 3), "a");
  EXPECT_EQ(cut_text("€€", 3), "€");
  EXPECT_EQ(cut_text("€", 0), "");
}

RC_GTEST_PROP(TextTest, Base64ComesBack, (const std::string& bytes)) {
  std::string back;
  RC_ASSERT(base64_decoded(base64_encoded(bytes), back));
  RC_ASSERT(back == bytes);
}

TEST(TextTest, WhatIsNotBase64IsRefused) {
  std::string bytes;
  for (const char* text : {"A", "AA", "AAA", "A===", "====", "AA=A", "AAA$", " AAA", "AAA\n"}) {
    EXPECT_FALSE(base64_decoded(text, bytes)) << text;
  }
}

TEST(HeadersJsonTest, ValuesAreTextBytesOrNull) {
  const std::vector<Header> headers{{"a", "text \"quoted\" \\ \n grün"},
                                    {"b", std::string_view("\0\xff", 2)},
                                    {"a", std::nullopt},
                                    {"c", ""}};
  EXPECT_EQ(Json::parse(headers_json(headers)),
            Json::parse(R"([["a","text \"quoted\" \\ \n grün"],["b",{"base64":"AP8="}],["a",null],
                            ["c",""]])"));
  EXPECT_EQ(headers_json({}), "[]");
}

TEST(HeadersJsonTest, NameThatIsNoTextStaysReadable) {
  EXPECT_EQ(headers_json(std::vector<Header>{{"a\xff", "1"}}), R"([["a?","1"]])");
}

RC_GTEST_PROP(HeadersJsonTest,
              AnyBytesGiveJsonThatHoldsThem,
              (const std::vector<std::string>& values)) {
  std::vector<Header> headers;
  for (const std::string& value : values) headers.push_back({value, value});
  const Json json = Json::parse(headers_json(headers));
  RC_ASSERT(json.size() == values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::string bytes;
    if (json[i][1].is_string()) {
      bytes = json[i][1].get<std::string>();
    } else {
      RC_ASSERT(base64_decoded(json[i][1]["base64"].get<std::string>(), bytes));
    }
    RC_ASSERT(bytes == values[i]);
  }
}

RC_GTEST_PROP(HeadersJsonTest, ComesBack, (const std::vector<std::string>& values)) {
  std::vector<Header> headers{{"none", std::nullopt}};
  for (const std::string& value : values) headers.push_back({"name \"\n\u00e9", value});
  const auto back = headers_of_json(headers_json(headers));
  RC_ASSERT(back.size() == headers.size());
  for (std::size_t i = 0; i < back.size(); ++i) {
    RC_ASSERT(back[i].name == headers[i].name);
    RC_ASSERT(back[i].value == headers[i].value);
  }
}

TEST(HeadersJsonTest, OtherTextIsRefused) {
  for (const char* json : {"",
                           "{}",
                           "[1]",
                           R"([["a"]])",
                           R"([["a",1]])",
                           R"([["a",{"base64":"?"}]])",
                           R"([[1,"a"]])"}) {
    EXPECT_THROW(static_cast<void>(headers_of_json(json)), std::invalid_argument) << json;
  }
}

}  // namespace
}  // namespace pawl::codec
