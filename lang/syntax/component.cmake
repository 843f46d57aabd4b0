# The lexer and the parser are made from the grammar at build time. They are foreign code: built apart, without warnings.
set(bulkhead_grammar "${CMAKE_CURRENT_SOURCE_DIR}/lang/syntax/Bulkhead.g4")
set(bulkhead_grammar_dir "${CMAKE_CURRENT_BINARY_DIR}/generated/grammar")
set(bulkhead_grammar_sources "${bulkhead_grammar_dir}/BulkheadLexer.cpp" "${bulkhead_grammar_dir}/BulkheadParser.cpp")
set(bulkhead_grammar_headers "${bulkhead_grammar_dir}/BulkheadLexer.h" "${bulkhead_grammar_dir}/BulkheadParser.h")
add_custom_command(
  OUTPUT ${bulkhead_grammar_sources} ${bulkhead_grammar_headers}
  COMMAND "${BULKHEAD_ANTLR4_TOOL}" -Dlanguage=Cpp -no-visitor -no-listener -o "${bulkhead_grammar_dir}"
          -Xexact-output-dir "${bulkhead_grammar}"
  DEPENDS "${bulkhead_grammar}"
  COMMENT "Generating the parser from Bulkhead.g4"
  VERBATIM)
# clang refuses one header of the runtime (a const member without initialiser) that nothing here needs: the generated code
# includes this copy of the umbrella header, without it, because it lies in the same folder.
file(READ "${BULKHEAD_ANTLR4_INCLUDE}/antlr4-runtime.h" bulkhead_umbrella)
string(REPLACE "#include \"misc/InterpreterDataReader.h\"" "" bulkhead_umbrella "${bulkhead_umbrella}")
file(CONFIGURE OUTPUT "${bulkhead_grammar_dir}/antlr4-runtime.h" CONTENT "${bulkhead_umbrella}" @ONLY)
add_library(bulkhead_grammar STATIC ${bulkhead_grammar_sources})
# The 4.7 tool writes u8"" literals where the runtime takes plain strings.
target_compile_options(bulkhead_grammar PRIVATE -w -fno-char8_t)
target_include_directories(bulkhead_grammar SYSTEM PUBLIC $<BUILD_INTERFACE:${bulkhead_grammar_dir}>)
target_link_libraries(bulkhead_grammar PUBLIC bulkhead_antlr4)
target_sources(${target} PRIVATE ${bulkhead_grammar_headers})
# Headers of the runtime include the umbrella too: the copy must be found before the installed one.
target_include_directories(${target} SYSTEM BEFORE PRIVATE ${bulkhead_grammar_dir})
target_link_libraries(${target} PRIVATE bulkhead_grammar)
