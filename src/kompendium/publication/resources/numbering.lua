-- Numbers chapter by chapter, as Quarto does: headings, figures, tables and equations. Callouts,
-- floats and code become divs that say what they are; each format gives them its own form.

local M = {}
local NBSP = '\u{a0}'
local CALLOUTS = { note = true, tip = true, warning = true, important = true, caution = true }

-- The first level-one heading (or the front matter's title) is the chapter's title.
function M.take_title(doc, chapter)
  chapter.numbered = true
  for i, block in ipairs(doc.blocks) do
    if block.t == 'Header' and block.level == 1 then
      chapter.title = block.content
      chapter.id = block.identifier
      chapter.numbered = not block.classes:includes('unnumbered')
      doc.blocks:remove(i)
      return
    end
  end
  local title = doc.meta.title
  chapter.title = title and pandoc.Inlines(title) or pandoc.Inlines(chapter.stem)
  chapter.id = 'title-' .. chapter.stem
end

-- A counter a kind, starting again with each chapter.
local function counter(chapter)
  local counts = {}
  return function(kind)
    counts[kind] = (counts[kind] or 0) + 1
    local own = tostring(counts[kind])
    return chapter.number and (chapter.number .. '.' .. own) or own
  end
end

local function heading_numbers(chapter)
  local counts = {}
  return function(level)
    counts[level] = (counts[level] or 0) + 1
    for deeper = level + 1, 6 do counts[deeper] = nil end
    local parts = { tostring(chapter.number) }
    for i = 2, level do parts[#parts + 1] = tostring(counts[i] or 0) end
    return table.concat(parts, '.')
  end
end

local function callout_type(div)
  for _, class in ipairs(div.classes) do
    local kind = class:match('^callout%-(%a+)$')
    if kind and CALLOUTS[kind] then return kind end
  end
end

local function callout(div, kind, words)
  local title
  if div.attributes.title then
    title = pandoc.utils.blocks_to_inlines(pandoc.read(div.attributes.title, 'markdown').blocks)
  elseif div.content[1] and div.content[1].t == 'Header' then
    title = div.content[1].content
    div.content:remove(1)
  else
    title = pandoc.Inlines(words['callout-' .. kind .. '-title'] or kind)
  end
  local attributes = { { 'role', 'note' } }
  if div.attributes.collapse then attributes[2] = { 'collapse', div.attributes.collapse } end
  local body = pandoc.Blocks({ pandoc.Div({ pandoc.Plain(title) }, { class = 'callout-title' }) })
  body:extend(div.content)
  return pandoc.Div(body, pandoc.Attr(div.identifier, { 'callout', 'is-' .. kind }, attributes))
end

-- A float's caption is its last paragraph, as in Quarto's div syntax.
local function take_caption(div)
  local last = div.content[#div.content]
  if #div.content > 1 and last and last.t == 'Para' and not div.classes:includes('without-caption')
  then
    div.content:remove(#div.content)
    return last.content
  end
  return pandoc.Inlines({})
end

-- A float is a div whose caption lies in a div of its own: above a table, below a figure.
local function float(kind, id, content, caption, label)
  local text = pandoc.Inlines({})
  if label then
    text:insert(pandoc.Span(label .. (#caption > 0 and ':' or ''), { class = 'float-label' }))
    if #caption > 0 then text:insert(pandoc.Space()) end
  end
  text:extend(caption)
  local blocks = content:walk({ Table = function(tbl) tbl.caption = pandoc.Caption({}); return tbl end })
  local place = kind == 'tbl' and 1 or #blocks + 1
  blocks:insert(place, pandoc.Div({ pandoc.Plain(text) }, { class = 'float-caption' }))
  return pandoc.Div(blocks, pandoc.Attr(id, { 'float', 'float-' .. kind }))
end

local function equations(para, register)
  local out, i = pandoc.Inlines({}), 1
  local inlines = para.content
  while i <= #inlines do
    local el = inlines[i]
    local j = i + 1
    if el.t == 'Math' and el.mathtype == 'DisplayMath' then
      while inlines[j] and inlines[j].t == 'Space' do j = j + 1 end
      local id = inlines[j] and inlines[j].t == 'Str' and inlines[j].text:match('^{#(eq%-[^}]+)}$')
      if id then
        local number = register('eq', id)
        out:insert(pandoc.Span({ el, pandoc.Span('(' .. number .. ')', { class = 'eq-number' }) },
          pandoc.Attr(id, { 'equation' })))
        i = j + 1
        goto continue
      end
    end
    out:insert(el)
    i = i + 1
    ::continue::
  end
  para.content = out
  return para
end

function M.number(blocks, chapter, words, index)
  local next_number = counter(chapter)
  local next_heading = heading_numbers(chapter)

  local function register(kind, id, number)
    number = number or next_number(kind)
    index[id] = index[id] or { kind = kind, number = number, href = chapter.href }
    return number
  end

  local function label(kind, number)
    return words['crossref-' .. kind .. '-title'] .. NBSP .. number
  end

  -- HTML tables of outputs become Pandoc's own tables, so that all tables look and scroll alike.
  blocks = blocks:walk({
    RawBlock = function(raw)
      if raw.format == 'html' and raw.text:find('<table') then
        return pandoc.read(raw.text, 'html').blocks
      end
    end,
  })

  if chapter.id:match('^sec%-') then
    index[chapter.id] = { kind = 'ch', number = chapter.number and tostring(chapter.number),
      title = chapter.title, href = chapter.href }
  end

  return blocks:walk({
    traverse = 'topdown',
    Header = function(header)
      local number
      if chapter.number and not header.classes:includes('unnumbered') and header.level > 1 then
        number = next_heading(header.level)
      end
      if header.identifier:match('^sec%-') then
        index[header.identifier] = index[header.identifier]
          or { kind = 'sec', number = number, title = header.content, href = chapter.href }
      end
      if number then
        header.content:insert(1, pandoc.Space())
        header.content:insert(1, pandoc.Span(number, { class = 'header-section-number' }))
        return header
      end
    end,
    Div = function(div)
      local kind = div.identifier:match('^(%a+)%-')
      if kind == 'fig' or kind == 'tbl' then
        local caption = take_caption(div)
        local text = label(kind, register(kind, div.identifier))
        return float(kind, div.identifier, div.content, caption, text)
      elseif div.classes:includes('uncounted-figure') then
        local caption = take_caption(div)
        return float('fig', div.identifier, div.content, caption)
      end
      local note = callout_type(div)
      if note then return callout(div, note, words) end
    end,
    Figure = function(figure)
      local content = figure.content:walk({
        Image = function(image) image.caption = {}; return image end,
      })
      local caption = pandoc.utils.blocks_to_inlines(figure.caption.long)
      local id = figure.identifier
      local text = id:match('^fig%-') and label('fig', register('fig', id)) or nil
      return float('fig', id, content, caption, text)
    end,
    Table = function(tbl)
      local id = tbl.identifier
      local caption = pandoc.utils.blocks_to_inlines(tbl.caption.long)
      tbl.identifier = ''
      if id:match('^tbl%-') then
        local text = label('tbl', register('tbl', id))
        return float('tbl', id, pandoc.Blocks({ tbl }), caption, text), false
      elseif #caption > 0 then
        return float('tbl', id, pandoc.Blocks({ tbl }), caption), false
      end
      return tbl
    end,
    Para = function(para) return equations(para, register) end,
  })
end

return M
