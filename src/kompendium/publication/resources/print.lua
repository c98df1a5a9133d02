-- The book as one document to print or to send: no code, links within the document. What Typst
-- and Word have in common; each gives it its own forms.

local forms = require('forms')

local M = {}

local WITH_ID = { 'Header', 'Div', 'Span', 'Link', 'Image', 'Table', 'CodeBlock', 'Code' }
-- Names that hold outside the book too.
local KEPT = { fig = true, tbl = true, sec = true, eq = true, funn = true }
local MARKED = { 'float', 'float-caption', 'callout', 'callout-title', 'csl-bib-body', 'csl-entry' }

local function address(target, chapter, chapters)
  local path, fragment = target:match('^([^#]*)#?(.*)$')
  local other = path == '' and chapter or chapters[path]
  if not other then return nil end
  return other, fragment ~= '' and fragment or other.id
end

-- What links point at, and what others may cite, as names[chapter][id] = name in the whole; the first keeps a shared name.
local function names(chapters, by_href)
  local wanted, taken = {}, {}
  for _, chapter in ipairs(chapters) do
    wanted[chapter] = { [chapter.id] = true }
  end
  for _, chapter in ipairs(chapters) do
    chapter.blocks:walk({
      Link = function(link)
        local other, id = address(link.target, chapter, by_href)
        if other then wanted[other][id] = true end
      end,
    })
  end
  local found = {}
  for _, chapter in ipairs(chapters) do
    found[chapter] = {}
    local function name(id)
      local label = KEPT[id:match('^(%a+)%-')]
      if id ~= '' and (label or wanted[chapter][id]) and not found[chapter][id] then
        local whole = taken[id] and (chapter.stem .. '-' .. id) or id
        found[chapter][id], taken[whole] = whole, true
      end
    end
    name(chapter.id)
    local filter = {}
    for _, kind in ipairs(WITH_ID) do
      filter[kind] = function(element) name(element.identifier) end
    end
    chapter.blocks:walk(filter)
  end
  return found
end

local function is_marked(div)
  for _, class in ipairs(MARKED) do
    if div.classes:includes(class) then return true end
  end
end

local function anchor(id)
  return pandoc.Plain({ pandoc.Span({}, pandoc.Attr(id, { 'anchor' })) })
end

local function printed(chapter, found, by_href, prefix)
  local own = found[chapter]
  local function named(element)
    element.identifier = own[element.identifier] or ''
    return element
  end
  local blocks = chapter.blocks:walk({
    RawBlock = function(raw)
      if raw.format == 'html' then return pandoc.read(raw.text, 'html').blocks end
    end,
    Inlines = forms.without_html,
  })
  return blocks:walk({
    Header = named,
    Span = named,
    Code = named,
    Cite = function(cite) return cite.content end,
    CodeBlock = function(code)
      if code.classes:includes('cell-code') then return {} end
      return named(code)
    end,
    Link = function(link)
      local other, id = address(link.target, chapter, by_href)
      if other then
        link.target = '#' .. (found[other][id] or found[other][other.id])
      elseif not link.target:match('^%a[%w+.-]*:') then
        return link.content
      end
      return named(link)
    end,
    Image = function(image)
      if not image.src:match('^%a+:') then image.src = prefix .. '/' .. image.src end
      return named(image)
    end,
    Table = function(tbl) return named(forms.fitted(tbl)) end,
    Div = function(div)
      named(div)
      if is_marked(div) then return div end
      if div.identifier ~= '' then div.content:insert(1, anchor(div.identifier)) end
      return div.content
    end,
  })
end

local function heading(chapter, id)
  local title = chapter.title:walk({ Note = function() return {} end })
  local content = pandoc.Inlines({})
  if chapter.number then
    content:insert(pandoc.Span(tostring(chapter.number), { class = 'header-section-number' }))
    content:insert(pandoc.Space())
  end
  content:extend(title)
  return pandoc.Header(1, content, pandoc.Attr(id))
end

-- All chapters as the blocks of one document.
function M.joined(manifest)
  local by_href = {}
  for _, chapter in ipairs(manifest.chapters) do
    by_href[chapter.href] = chapter
    chapter.blocks = forms.for_format(chapter.blocks, 'print')
  end
  local found = names(manifest.chapters, by_href)
  local blocks = pandoc.Blocks({})
  for _, chapter in ipairs(manifest.chapters) do
    blocks:insert(heading(chapter, found[chapter][chapter.id]))
    blocks:extend(printed(chapter, found, by_href, manifest.pictures))
  end
  return blocks
end

-- A float's caption and the rest of it.
function M.parted(div)
  local caption, rest = pandoc.Inlines({}), pandoc.Blocks({})
  for _, block in ipairs(div.content) do
    if block.t == 'Div' and block.classes:includes('float-caption') then
      caption = pandoc.utils.blocks_to_inlines(block.content)
    else
      rest:insert(block)
    end
  end
  return caption, rest
end

-- The kind of a callout (note, tip …), its title and its text.
function M.callout(div)
  local kind = 'note'
  for _, class in ipairs(div.classes) do kind = class:match('^is%-(%a+)$') or kind end
  local text = pandoc.Blocks({})
  for i = 2, #div.content do text:insert(div.content[i]) end
  return kind, pandoc.utils.blocks_to_inlines(div.content[1].content), text
end

return M
