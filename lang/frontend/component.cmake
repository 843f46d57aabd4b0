# Where the models lie: the installed folder first, then the source tree (for builds that are not installed).
if(sources)
  target_compile_definitions(${target} PRIVATE
    BULKHEAD_INSTALLED_MODELS="${CMAKE_INSTALL_FULL_DATADIR}/bulkhead/models"
    BULKHEAD_SOURCE_MODELS="${PROJECT_SOURCE_DIR}/models")
endif()
