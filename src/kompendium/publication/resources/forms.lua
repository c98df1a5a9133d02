-- What print needs of text that was written for pages: HTML in Markdown, columns as wide as
-- their text needs, verdicts. For the embedded publisher and for Quarto's filter.

local M = {}
local stringify = pandoc.utils.stringify

-- What fits on a line of a table, counted in letters, and what the space between columns takes.
local LINE, BETWEEN = 104, 3
-- Words longer than this may be hyphenated rather than widen their column.
local LONGEST_WORD = 16

local function complain(what)
  io.stderr:write('print: ' .. what .. '\n')
end

-- HTML that authors wrote into Markdown; what has no equal in print is told, not dropped.
function M.without_html(inlines)
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

-- What is written for pages alone, or for all but pages, as Quarto's conditional divs and spans
-- say it.
function M.for_format(blocks, format)
  local function chosen(element)
    local visible = element.classes:includes('content-visible')
    if not visible and not element.classes:includes('content-hidden') then return nil end
    local named, other = element.attributes['when-format'], element.attributes['unless-format']
    local holds = (named and named == format) or (other and other ~= format) or false
    if holds == visible then return element.content:walk({ Div = chosen, Span = chosen }), false end
    return {}, false
  end
  return blocks:walk({ traverse = 'topdown', Div = chosen, Span = chosen })
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
function M.fitted(tbl)
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

-- The verdict a span marks, if it marks one.
function M.verdict(span)
  for _, class in ipairs(span.classes) do
    local verdict = class:match('^dom%-(.+)$')
    if verdict then return verdict end
  end
end

return M
