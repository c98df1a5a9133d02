-- The embedded publisher: one Pandoc process turns a manifest into a linked book of pages.
-- Run as: pandoc lua book.lua MANIFEST.json
-- Modules beside this file: numbering (floats, headings, callouts), references; pages (in web's
-- forms) for HTML; print, with typst and docx, for what is one document.

local here = arg[0]:match('^(.*)[/\\][^/\\]*$') or '.'
package.path = here .. '/?.lua;' .. package.path

local numbering = require('numbering')
local references = require('references')
local pages = require('pages')

local function read(path)
  local file = assert(io.open(path, 'rb'))
  local text = file:read('a')
  file:close()
  return text
end

local manifest = pandoc.json.decode(read(arg[1]), false)
local index = {}
local number = 0

for _, chapter in ipairs(manifest.chapters) do
  local doc = pandoc.read(read(chapter.source), 'markdown')
  numbering.take_title(doc, chapter)
  if chapter.numbered and manifest.number_sections then
    number = number + 1
    chapter.number = number
  end
  chapter.href = chapter.stem .. '.html'
  chapter.blocks = numbering.number(doc.blocks, chapter, manifest.words, index)
end

references.cite(manifest)
for _, chapter in ipairs(manifest.chapters) do
  chapter.blocks = references.resolve(chapter, manifest, index)
end
pages.write(manifest, read(manifest.template))
if manifest.typst or manifest.docx then
  local whole = require('print').joined(manifest)
  for _, format in ipairs({ 'typst', 'docx' }) do
    if manifest[format] then require(format).write(manifest, whole) end
  end
end
