-- The forms a web page gives to what was numbered: figures with captions, tables in boxes that
-- scroll, callouts, folded code.

local forms = require('forms')

local M = {}
-- More columns than this do not fit on a phone, so the table scrolls instead of squeezing.
local MANY_COLUMNS = 3

local function html(text)
  return pandoc.RawBlock('html', text)
end

local function escape(text)
  return (text:gsub('&', '&amp;'):gsub('<', '&lt;'):gsub('>', '&gt;'):gsub('"', '&quot;'))
end

-- Wide tables scroll in their own box; the keyboard reaches it and a screen reader names it.
-- Widths in Markdown follow the length of dashes; browsers find better ones from the content.
function M.boxed(tbl, words, name)
  tbl.colspecs = tbl.colspecs:map(function(spec) return { spec[1], nil } end)
  if #tbl.colspecs > MANY_COLUMNS then tbl.classes:insert('many-columns') end
  -- Pairs, not a table by name: Lua's order of names differs from run to run.
  local label = name and { 'aria-labelledby', name } or { 'aria-label', words['crossref-tbl-title'] }
  local attributes = { { 'role', 'region' }, { 'tabindex', '0' }, label }
  return pandoc.Div({ tbl }, pandoc.Attr('', { 'table-box' }, attributes))
end

local function float(div, words)
  local id = div.identifier
  local name = id ~= '' and id .. '-caption' or nil
  local blocks = pandoc.Blocks({ html('<figure>') })
  for _, block in ipairs(div.content) do
    if block.t == 'Div' and block.classes:includes('float-caption') then
      blocks:insert(html('<figcaption' .. (name and ' id="' .. name .. '"' or '') .. '>'))
      blocks:extend(block.content)
      blocks:insert(html('</figcaption>'))
    else
      blocks:insert(block)
    end
  end
  blocks:insert(html('</figure>'))
  div.content = blocks:walk({ Table = function(tbl) return M.boxed(tbl, words, name) end })
  return div
end

local function callout(div)
  local open = div.attributes.collapse == 'false' and ' open' or ''
  local content = pandoc.Blocks({ html('<details' .. open .. '><summary>') })
  content:extend(div.content[1].content)
  content:insert(html('</summary>'))
  for i = 2, #div.content do content:insert(div.content[i]) end
  content:insert(html('</details>'))
  div.attributes.collapse = nil
  div.content = content
  return div
end

local function folded(code, words)
  local fold = code.attributes['code-fold']
  if fold == nil then fold = words['code-fold'] end
  local summary = code.attributes['code-summary'] or words['code-summary']
  code.attributes['code-fold'], code.attributes['code-summary'] = nil, nil
  if fold ~= 'true' and fold ~= 'show' then return code end
  local open = fold == 'show' and ' open' or ''
  return pandoc.Blocks({ html('<details class="code-fold"' .. open .. '><summary>' ..
    escape(summary) .. '</summary>'), code, html('</details>') })
end

function M.shaped(blocks, words)
  return forms.for_format(blocks, 'html'):walk({
    traverse = 'topdown',
    Div = function(div)
      if div.classes:includes('table-box') then return div, false end
      if div.classes:includes('float') then return float(div, words) end
      if div.attributes.collapse and div.classes:includes('callout') then return callout(div) end
    end,
    Table = function(tbl) return M.boxed(tbl, words), false end,
    CodeBlock = function(code)
      if code.classes:includes('cell-code') then return folded(code, words) end
    end,
  })
end

return M
