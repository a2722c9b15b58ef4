// Splitting a plain text into sentences.
#pragma once
#include <string>
#include <string_view>
#include <vector>

/// A sentence ends at . ! or ? (with closing quotes or brackets) before white space, or at an empty line; line breaks
/// inside one become spaces. Abbreviations are not known: "Dr. Who" is cut. Any bytes are accepted.
std::vector<std::string> split_sentences(std::string_view text);
