// Parses one source against the model headers and hands it to the interpreter.
#include "cxx/interpreter.h"
#include "cxx/model.h"

#include <algorithm>
#include <memory>

#include <clang/AST/ASTConsumer.h>
#include <clang/AST/RecursiveASTVisitor.h>
#include <clang/Basic/DiagnosticOptions.h>
#include <clang/Frontend/CompilerInstance.h>
#include <clang/Frontend/CompilerInvocation.h>
#include <clang/Frontend/FrontendActions.h>
#include <clang/Lex/Preprocessor.h>
#include <clang/Lex/PreprocessorOptions.h>
#include <llvm/Support/FileSystem.h>
#include <llvm/Support/Path.h>
#include <llvm/Support/VirtualFileSystem.h>

// LLVM's headers define __has_feature for compilers that lack it.
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define CUPEL_ADDRESS_SANITIZER
#endif
#ifdef CUPEL_ADDRESS_SANITIZER
// Clang's archives are built without the sanitizer: they do not unpoison what inline functions of their headers poison here, nor do they
// tell how much of a container is in use. Here, so that every program has it that parses.
extern "C" const char* __asan_default_options();  // NOLINT
extern "C" const char* __asan_default_options() { return "allow_user_poisoning=0:detect_container_overflow=0"; }
#endif

namespace cupel::cxx {
namespace {

// Everything that the main file defines.
class DefinitionFinder : public clang::RecursiveASTVisitor<DefinitionFinder> {
 public:
  bool VisitFunctionDecl(clang::FunctionDecl* function) {  // NOLINT(readability-identifier-naming)
    // A lambda's body belongs to the function around it.
    if (const auto* method = llvm::dyn_cast<clang::CXXMethodDecl>(function); method != nullptr && method->getParent()->isLambda())
      return true;
    if (function->isThisDeclarationADefinition() && !function->isDefaulted() && function->hasBody()) functions.push_back(function);
    return true;
  }
  bool VisitVarDecl(clang::VarDecl* variable) {  // NOLINT(readability-identifier-naming)
    if (variable->isFileVarDecl()) variables.push_back(variable);
    return true;
  }
  bool VisitStringLiteral(clang::StringLiteral* literal) {  // NOLINT(readability-identifier-naming)
    literals.push_back(literal);
    return true;
  }
  std::vector<const clang::FunctionDecl*> functions;
  std::vector<const clang::StringLiteral*> literals;
  std::vector<const clang::VarDecl*> variables;
};

// Comments that may hold a directive of ours.
class CommentReader : public clang::CommentHandler {
 public:
  explicit CommentReader(Analysis& analysis) : analysis_(analysis) {}
  bool HandleComment(clang::Preprocessor& preprocessor, clang::SourceRange range) override {
    const clang::SourceManager& sources = preprocessor.getSourceManager();
    if (!sources.isInMainFile(range.getBegin())) return false;
    const unsigned begin = sources.getFileOffset(range.getBegin());
    const unsigned end = sources.getFileOffset(range.getEnd());
    const llvm::StringRef all = sources.getBufferData(sources.getMainFileID());
    llvm::StringRef text = all.slice(begin, end);
    if (!text.contains("cupel:")) return false;
    if (text.starts_with("/*")) text = text.drop_front(2).drop_back(text.ends_with("*/") ? 2 : 0);
    else text = text.ltrim('/');
    analysis_.comments.push_back({{0, begin, end}, text.trim().str()});
    return false;
  }

 private:
  Analysis& analysis_;
};

class ErrorCounter : public clang::DiagnosticConsumer {
 public:
  explicit ErrorCounter(Analysis& analysis) : analysis_(analysis) {}
  void HandleDiagnostic(clang::DiagnosticsEngine::Level level, const clang::Diagnostic& diagnostic) override {
    DiagnosticConsumer::HandleDiagnostic(level, diagnostic);
    if (level < clang::DiagnosticsEngine::Error) return;
    // Nothing in a model is the user's mistake.
    if (!diagnostic.hasSourceManager() || diagnostic.getLocation().isInvalid()) return;
    const clang::SourceManager& sources = diagnostic.getSourceManager();
    if (!sources.isInMainFile(sources.getFileLoc(diagnostic.getLocation()))) return;
    ++analysis_.errors;
    if (!analysis_.first_error.empty()) return;
    llvm::SmallString<128> words;
    diagnostic.FormatDiagnostic(words);
    analysis_.first_error = "line " + std::to_string(sources.getPresumedLineNumber(diagnostic.getLocation())) + ": ";
    analysis_.first_error += words.str().str();
  }

 private:
  Analysis& analysis_;
};

class Consumer : public clang::ASTConsumer {
 public:
  Consumer(const Settings& settings, Analysis& analysis) : settings_(settings), analysis_(analysis) {}

  bool HandleTopLevelDecl(clang::DeclGroupRef group) override {
    for (clang::Decl* declaration : group) {
      const clang::SourceManager& sources = declaration->getASTContext().getSourceManager();
      if (sources.isInMainFile(sources.getFileLoc(declaration->getLocation()))) declarations_.push_back(declaration);
    }
    return true;
  }

  void HandleTranslationUnit(clang::ASTContext& context) override {
    DefinitionFinder finder;
    for (clang::Decl* declaration : declarations_) finder.TraverseDecl(declaration);
    Interpreter interpreter(context, settings_, analysis_);
    interpreter.prepare(finder.functions);
    if (!interpreter.run_revisions(finder.variables)) interpreter.run(finder.functions);
    interpreter.add_unreached(finder.literals);
  }

 private:
  const Settings& settings_;
  Analysis& analysis_;
  std::vector<clang::Decl*> declarations_;
};

class Action : public clang::ASTFrontendAction {
 public:
  Action(const Settings& settings, Analysis& analysis) : settings_(settings), analysis_(analysis), comments_(analysis) {}
  std::unique_ptr<clang::ASTConsumer> CreateASTConsumer(clang::CompilerInstance& compiler, llvm::StringRef /*file*/) override {
    compiler.getPreprocessor().addCommentHandler(&comments_);
    compiler.getPreprocessor().SetSuppressIncludeNotFoundError(true);
    return std::make_unique<Consumer>(settings_, analysis_);
  }

 private:
  const Settings& settings_;
  Analysis& analysis_;
  CommentReader comments_;
};

// Made once for each thread: what counts its users is not made for several.
llvm::IntrusiveRefCntPtr<llvm::vfs::InMemoryFileSystem> model_files() {
  thread_local llvm::IntrusiveRefCntPtr<llvm::vfs::InMemoryFileSystem> files;
  if (files != nullptr) return files;
  files = llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>();
  for (const Model& model : models()) {
    const llvm::StringRef text(model.text.data(), model.text.size());
    for (const std::string_view name : headers_of(model)) {
      // The models' table outlives every parse, and its texts end with a NUL.
      files->addFile(model_folder + std::string(name), 0, llvm::MemoryBuffer::getMemBuffer(text, llvm::StringRef(name), true));
    }
  }
  return files;
}

// Where headers of the project usually are: the folders above the source up to the repository's root, their include/ and src/.
std::vector<std::string> project_folders(const std::string& file) {
  constexpr int highest = 8;
  std::vector<std::string> folders;
  llvm::SmallString<256> folder(file);
  llvm::sys::fs::make_absolute(folder);
  for (int level = 0; level < highest; ++level) {
    llvm::sys::path::remove_filename(folder);
    if (folder.empty() || llvm::sys::path::root_path(folder) == folder) return {};
    folders.push_back(folder.str().str());
    for (const char* below : {"include", "src"}) {
      llvm::SmallString<256> one(folder);
      llvm::sys::path::append(one, below);
      if (llvm::sys::fs::is_directory(one)) folders.push_back(one.str().str());
    }
    llvm::SmallString<256> root(folder);
    llvm::sys::path::append(root, ".git");
    if (llvm::sys::fs::exists(root)) return folders;
  }
  return {};
}

bool is_c(llvm::StringRef file) { return file.ends_with(".c"); }

}  // namespace

Analysis analyse(const std::string& file, std::string_view text, const Settings& settings) {
  Analysis analysis;
  analysis.files.push_back(file);

  const auto overlay = llvm::makeIntrusiveRefCnt<llvm::vfs::OverlayFileSystem>(llvm::vfs::getRealFileSystem());
  overlay->pushOverlay(model_files());
  // The analysed text stands before what is on disk.
  const auto memory = llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>();
  if (const auto here = overlay->getCurrentWorkingDirectory()) memory->setCurrentWorkingDirectory(*here);
  memory->addFile(file, 0, llvm::MemoryBuffer::getMemBufferCopy(llvm::StringRef(text.data(), text.size()), file));
  overlay->pushOverlay(memory);

  std::vector<std::string> arguments = {
      "-triple",       "x86_64-unknown-linux-gnu", "-fsyntax-only",    "-w",           "-ferror-limit",        "0",
      "-nobuiltininc", "-nostdsysteminc",          "-fcxx-exceptions", "-fexceptions", "-fcoroutines",         "-fno-char8_t",
      "-fblocks",      "-fmessage-length=0",       "-fbracket-depth",  "1024",         "-ftemplate-depth=128", "-I",
      model_folder};
  if (is_c(file)) {
    arguments.insert(arguments.end(), {"-x", "c", "-std=gnu17"});
    std::erase_if(arguments,
                  [](const std::string& one) { return one == "-fcxx-exceptions" || one == "-fcoroutines" || one == "-fno-char8_t"; });
  } else {
    arguments.insert(arguments.end(), {"-x", "c++", "-std=gnu++20"});
  }
  for (const std::string& folder : settings.include_folders) arguments.insert(arguments.end(), {"-I", folder});
  for (const std::string& folder : project_folders(file)) arguments.insert(arguments.end(), {"-I", folder});
  for (const std::string& define : settings.defines) arguments.insert(arguments.end(), {"-D", define});
  arguments.push_back(file);
  std::vector<const char*> words;
  words.reserve(arguments.size());
  for (const std::string& argument : arguments) words.push_back(argument.c_str());

  ErrorCounter errors(analysis);
  auto options = llvm::makeIntrusiveRefCnt<clang::DiagnosticOptions>();
  clang::DiagnosticsEngine diagnostics(llvm::makeIntrusiveRefCnt<clang::DiagnosticIDs>(), options, &errors, false);
  auto invocation = std::make_shared<clang::CompilerInvocation>();
  clang::CompilerInvocation::CreateFromArgs(*invocation, words, diagnostics);
  invocation->getFrontendOpts().DisableFree = false;
  invocation->getDiagnosticOpts().ShowCarets = false;  // nothing is printed
  clang::CompilerInstance compiler;
  compiler.setInvocation(std::move(invocation));
  compiler.createDiagnostics(&errors, false);
  compiler.getDiagnostics().setFatalsAsError(true);
  auto* const file_manager = compiler.createFileManager(overlay);
  compiler.createSourceManager(*file_manager);
  if (compiler.createTarget()) {
    Action action(settings, analysis);
    compiler.ExecuteAction(action);
  }
  return analysis;
}

}  // namespace cupel::cxx
