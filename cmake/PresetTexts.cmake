# Writes OUTPUT, a source that holds the text of every file of FILES as a raw
# string. Called as a script (cmake -P).
set(entries "")
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME_WE)
  file(READ ${file} text)
  string(APPEND entries "      {\"${name}\",\n       R\"preset(${text})preset\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Written by cmake/PresetTexts.cmake from core/presets.
#include \"core/presets/preset_texts.h\"

namespace engram {

std::vector<Preset> PresetTexts() {
  return {
${entries}  };
}

}  // namespace engram
")
