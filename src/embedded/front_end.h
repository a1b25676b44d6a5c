// Asks cupel-cxx, the program that reads C++ sources, and outlives its crashes.
#pragma once

#include "cxx/analysis.h"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace cupel::embedded {

struct FrontEnd {
  std::string program;  // path of cupel-cxx; empty: there is none
  cxx::Settings settings;
  unsigned threads = 0;  // 0: as many as the machine has
  // Told after each answer: how many files of all are read. nullptr: nobody asks.
  std::function<void(std::size_t done, std::size_t all)> progress = nullptr;
};

// What became of one file: an analysis, or why there is none.
struct Answer {
  cxx::Analysis analysis;
  std::string failure;
};

struct SourceFile {
  std::string name;
  std::string text;  // with has_text: instead of what is on disk
  bool has_text = false;
};

// One answer per file, in their order. Never fails as a whole: a missing program, a crash or a time-out is a failure of the files
// it left without an answer.
std::vector<Answer> ask(const FrontEnd& front_end, const std::vector<SourceFile>& files);

}  // namespace cupel::embedded
