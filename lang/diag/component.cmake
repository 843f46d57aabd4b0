# The pages of docs/diagnostics/ become part of the binary, so that `bulkhead explain` works wherever it is.
file(GLOB bulkhead_pages CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/docs/diagnostics/BH*.md")
set(bulkhead_pages_cpp "${CMAKE_CURRENT_BINARY_DIR}/generated/diagnostics_pages.cpp")
add_custom_command(
  OUTPUT "${bulkhead_pages_cpp}"
  COMMAND ${CMAKE_COMMAND} -DPAGES_DIR=${CMAKE_CURRENT_SOURCE_DIR}/docs/diagnostics -DOUTPUT=${bulkhead_pages_cpp}
          -P "${CMAKE_CURRENT_SOURCE_DIR}/lang/diag/embed_pages.cmake"
  DEPENDS ${bulkhead_pages} "${CMAKE_CURRENT_SOURCE_DIR}/lang/diag/embed_pages.cmake"
  COMMENT "Embedding the pages of docs/diagnostics"
  VERBATIM)
target_sources(${target} PRIVATE "${bulkhead_pages_cpp}")
