# A stranger's project: install into an empty folder, find_package(bulkhead), link the embedding API, run it.
add_test(NAME install.AStrangerLinksTheEmbeddingApi
         COMMAND ${CMAKE_CURRENT_LIST_DIR}/run ${CMAKE_BINARY_DIR} ${CMAKE_CURRENT_LIST_DIR}/stranger)
set_tests_properties(install.AStrangerLinksTheEmbeddingApi PROPERTIES LABELS slow TIMEOUT 300)
if(BULKHEAD_COVERAGE)
  set_property(TEST install.AStrangerLinksTheEmbeddingApi PROPERTY ENVIRONMENT "LDFLAGS=--coverage")  # what was installed is instrumented
endif()
