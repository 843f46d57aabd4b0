bulkhead_test(artifact_landlock fast SOURCES ${CMAKE_CURRENT_LIST_DIR}/landlock_test.cpp
  LIBS runtime-bridge/emit runtime-bridge/decode)
