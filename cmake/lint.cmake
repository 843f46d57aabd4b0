# `lint`: clang-format and clang-tidy of LLVM 14, the versions that the style is pinned to.

find_program(BULKHEAD_CLANG_FORMAT NAMES clang-format-14)
find_program(BULKHEAD_CLANG_TIDY NAMES clang-tidy-14)
find_program(BULKHEAD_RUN_CLANG_TIDY NAMES run-clang-tidy-14)

add_custom_target(format-check
  COMMAND ${CMAKE_SOURCE_DIR}/cmake/format.sh check "${BULKHEAD_CLANG_FORMAT}"
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} USES_TERMINAL VERBATIM)
add_custom_target(format
  COMMAND ${CMAKE_SOURCE_DIR}/cmake/format.sh write "${BULKHEAD_CLANG_FORMAT}"
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} USES_TERMINAL VERBATIM)
add_custom_target(tidy
  COMMAND ${BULKHEAD_RUN_CLANG_TIDY} -clang-tidy-binary ${BULKHEAD_CLANG_TIDY} -quiet -extra-arg=-Wno-unknown-warning-option -p ${CMAKE_BINARY_DIR} "${CMAKE_SOURCE_DIR}/(lang|checker|runtime-bridge|cli)/.*"
  WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} USES_TERMINAL VERBATIM)
add_custom_target(lint)
add_dependencies(lint format-check tidy)
