# `cmake --install` and `find_package(bulkhead)`: both binaries, models, schemas, and the embedding API with what it links to.

include(CMakePackageConfigHelpers)

set(BULKHEAD_INSTALL_DATA ${CMAKE_INSTALL_DATADIR}/bulkhead)
if(TARGET bulkhead)
  install(TARGETS bulkhead RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(TARGETS bulkhead-init RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})  # level maximum finds it beside bulkhead-exec
install(DIRECTORY models/ DESTINATION ${BULKHEAD_INSTALL_DATA}/models FILES_MATCHING PATTERN "*.bh" PATTERN "*.map")
install(DIRECTORY docs/schema/ DESTINATION ${BULKHEAD_INSTALL_DATA}/schema FILES_MATCHING PATTERN "*.json")
install(FILES README.md LICENSE CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})

# The embedding API is the one library for others; the headers that its own header includes come with it.
set(exported bulkhead_runtime_bridge_embed bulkhead_runtime_bridge_audit bulkhead_runtime_bridge_table bulkhead_lang_base
             bulkhead_fmt bulkhead_nettle bulkhead_linux)
install(TARGETS ${exported} EXPORT bulkhead-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}/bulkhead)
foreach(component lang/base runtime-bridge/table runtime-bridge/audit runtime-bridge/embed)
  install(DIRECTORY ${component}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/bulkhead/${component} FILES_MATCHING PATTERN "*.h")
endforeach()
install(EXPORT bulkhead-targets NAMESPACE bulkhead:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/bulkhead)
configure_package_config_file(cmake/bulkhead-config.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/bulkhead-config.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/bulkhead)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/bulkhead-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/bulkhead-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/bulkhead-config-version.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/bulkhead)
