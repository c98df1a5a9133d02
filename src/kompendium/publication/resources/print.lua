-- The book as one document to print or to send: no code, links within the document, columns as
-- wide as their text needs. What Typst and Word have in common; each gives it its own forms.

local M = {}
local stringify = pandoc.utils.stringify

-- What fits on a line of a table, counted in letters, and what the space between columns takes.
local LINE, BETWEEN = 104, 3
-- Words longer than this may be hyphenated rather than widen their column.
local LONGEST_WORD = 16
local WITH_ID = { 'Header', 'Div', 'Span', 'Link', 'Image', 'Table', 'CodeBlock', 'Code' }
-- Names that hold outside the book too.
local KEPT = { fig = true, tbl = true, sec = true, eq = true, funn = true }
local MARKED = { 'float', 'float-caption', 'callout', 'callout-title', 'csl-bib-body', 'csl-entry' }

local function complain(what)
  io.stderr:write('print: ' .. what .. '\n')
end

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

-- HTML that authors wrote into Markdown; what has no equal in print is told, not dropped.
local function without_html(inlines)
  local out, i = pandoc.Inlines({}), 1
  local open = {}
  while i <= #inlines do
    local el = inlines[i]
    if el.t ~= 'RawInline' or el.format ~= 'html' then
      out:insert(el)
    elseif el.text:match('^<br%s*/?>$') then
      if #out > 0 and out[#out].t == 'Space' then out:remove(#out) end
      out:insert(pandoc.LineBreak())
    elseif el.text == '<small>' then
      open[#open + 1] = out
      out = pandoc.Inlines({})
    elseif el.text == '</small>' and #open > 0 then
      local inner = out
      out = table.remove(open)
      out:insert(pandoc.Span(inner, { class = 'small' }))
    elseif not el.text:match('^<!%-%-') then
      complain('HTML without an equal in print: ' .. el.text)
    end
    i = i + 1
  end
  if #open > 0 then complain('<small> is not closed in: ' .. stringify(inlines)) end
  return out
end

-- A cell as text, line by line.
local function lines(cell)
  local parts = {}
  for _, block in ipairs(cell.contents) do
    local broken = block:walk({ LineBreak = function() return pandoc.Str('\n') end })
    parts[#parts + 1] = stringify(broken)
  end
  return table.concat(parts, '\n')
end

-- The letters of a cell: of its longest line, its longest word, and all of it.
local function extent(cell)
  local longest, word, total = 0, 0, 0
  for line in lines(cell):gmatch('[^\n]+') do
    local length = pandoc.text.len(line)
    longest, total = math.max(longest, length), total + length
    for one in line:gsub('[%-–/]', '%0 '):gmatch('[^ ]+') do
      word = math.max(word, pandoc.text.len(one))
    end
  end
  return longest, word, total
end

-- Columns of a table that is wider than the page: each at least as wide as its longest word, the
-- rest shared by the square root of how much each has to say, which evens out the rows' heights.
local function fitted(tbl)
  local count = #tbl.colspecs
  local longest, word, total = {}, {}, {}
  for i = 1, count do longest[i], word[i], total[i] = 1, 1, 1 end
  local function measure(rows)
    for _, row in ipairs(rows) do
      for i, cell in ipairs(row.cells) do
        if cell.col_span == 1 and i <= count then
          local line, one, all = extent(cell)
          longest[i], word[i] = math.max(longest[i], line), math.max(word[i], one)
          total[i] = total[i] + all
        end
      end
    end
  end
  measure(tbl.head.rows)
  for _, body in ipairs(tbl.bodies) do measure(body.body) end
  local capacity, whole = LINE - BETWEEN * count, 0
  for i = 1, count do whole = whole + longest[i] end
  if whole <= capacity then
    tbl.colspecs = tbl.colspecs:map(function(spec) return { spec[1], nil } end)
    for i = 1, count do longest[i] = (longest[i] + BETWEEN) / LINE end
    tbl.attributes.natural = table.concat(longest, ' ')
    return tbl
  end
  local width, spare, open, weights = {}, capacity, {}, 0
  for i = 1, count do
    width[i] = math.min(word[i], LONGEST_WORD, longest[i])
    spare = spare - width[i]
    open[i] = longest[i] > width[i]
    if open[i] then weights = weights + math.sqrt(total[i]) end
  end
  -- A column never gets more than its longest line; what it leaves goes to the others.
  local shared = spare > 0
  while shared do
    shared = false
    for i = 1, count do
      local part = open[i] and width[i] + spare * math.sqrt(total[i]) / weights
      if part and part >= longest[i] then
        spare, weights = spare - (longest[i] - width[i]), weights - math.sqrt(total[i])
        width[i], open[i], shared = longest[i], false, true
        break
      end
    end
  end
  local sum = 0
  for i = 1, count do
    if open[i] and spare > 0 then width[i] = width[i] + spare * math.sqrt(total[i]) / weights end
    sum = sum + width[i] + BETWEEN
  end
  for i, spec in ipairs(tbl.colspecs) do
    tbl.colspecs[i] = { spec[1], (width[i] + BETWEEN) / sum }
  end
  return tbl
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
    Inlines = without_html,
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
    Table = function(tbl) return named(fitted(tbl)) end,
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
  for _, chapter in ipairs(manifest.chapters) do by_href[chapter.href] = chapter end
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

-- The verdict a span marks, if it marks one.
function M.verdict(span)
  for _, class in ipairs(span.classes) do
    local verdict = class:match('^dom%-(.+)$')
    if verdict then return verdict end
  end
end

return M
