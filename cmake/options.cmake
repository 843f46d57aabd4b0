# Flags that every target of Bulkhead shares: warnings are errors with g++ 12 and clang 14.

add_library(bulkhead_options INTERFACE)
target_compile_options(bulkhead_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wcast-qual -Wunused -Woverloaded-virtual
  -Wconversion -Wno-sign-conversion -Wnull-dereference -Wdouble-promotion -Wformat=2 -Wimplicit-fallthrough -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports false positives of these in std::variant, std::string and std::optional at -O2.
  target_compile_options(bulkhead_options INTERFACE
    -Wno-maybe-uninitialized -Wno-restrict -Wno-null-dereference -Wno-stringop-overflow -Wno-array-bounds
    -Wno-stringop-overread -Wno-dangling-pointer -Wno-missing-field-initializers)
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  target_compile_options(bulkhead_options INTERFACE -Wno-missing-field-initializers)
endif()
if(BULKHEAD_SANITIZE)
  add_compile_options(-fsanitize=${BULKHEAD_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${BULKHEAD_SANITIZE})
endif()
if(BULKHEAD_COVERAGE)
  include(cmake/coverage/coverage.cmake)
endif()
if(BULKHEAD_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)  # every component tells the fuzzer where it has been
endif()

# A static program of one process: sanitizers have no static runtime, and nothing of theirs belongs beside what it does.
function(bulkhead_static target)
  target_compile_options(${target} PRIVATE -fno-sanitize=all)
  target_link_options(${target} PRIVATE -static -fno-sanitize=all)
endfunction()
