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

for _, chapter in ipairs(manifest.chapters) do
  chapter.href = chapter.stem .. '.html'
end

-- What cross references find besides the publication's own labels; titles are read once.
local sections = {}
for id, section in pairs(manifest.elsewhere) do
  local title = pandoc.utils.blocks_to_inlines(pandoc.read(section.title, 'markdown').blocks)
  sections[id] = { kind = 'sec', title = title, href = section.href or '', outside = true }
end

local function take(chapter, number, index)
  local doc = pandoc.read(read(chapter.source), 'markdown')
  numbering.take_title(doc, chapter)
  if number and chapter.numbered and manifest.number_sections then chapter.number = number end
  chapter.blocks = numbering.number(doc.blocks, chapter, manifest.words, index)
end

-- A publication's own labels first, then those of the other one.
local function with_sections(index)
  return setmetatable(index, { __index = sections })
end

local template = read(manifest.template)

if manifest.separate then
  -- Page by page: no number or label goes from one to the next, and memory holds one at a time.
  local write = pages.writer(manifest, template)
  for i, chapter in ipairs(manifest.chapters) do
    local index = {}
    take(chapter, nil, index)
    chapter.blocks = references.resolve(chapter, manifest, with_sections(index))
    write(i)
    chapter.blocks = nil
  end
else
  local index, number = {}, 0
  for _, chapter in ipairs(manifest.chapters) do
    take(chapter, number + 1, index)
    number = chapter.number or number
  end
  references.cite(manifest)
  for _, chapter in ipairs(manifest.chapters) do
    chapter.blocks = references.resolve(chapter, manifest, with_sections(index))
  end
  local write = pages.writer(manifest, template)
  for i in ipairs(manifest.chapters) do write(i) end
end
if manifest.typst or manifest.docx then
  local whole = require('print').joined(manifest)
  for _, format in ipairs({ 'typst', 'docx' }) do
    if manifest[format] then require(format).write(manifest, whole) end
  end
end
