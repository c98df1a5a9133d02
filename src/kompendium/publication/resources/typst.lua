-- The book in Typst's markup; typst-template.typ holds its looks.

local forms = require('forms')
local print_form = require('print')

local M = {}
local stringify = pandoc.utils.stringify
local OPTIONS = { wrap_text = 'none' }
local PX = 0.75 -- points

local function write(blocks)
  -- Without «citations», so that what citeproc wrote stays as it is.
  return (pandoc.write(pandoc.Pandoc(blocks), 'typst-citations', OPTIONS):gsub('%s+$', ''))
end

local function inline(inlines)
  return write({ pandoc.Plain(inlines) })
end

local function raw(text)
  return pandoc.RawBlock('typst', text)
end

local function within(before, inlines, after)
  local out = pandoc.Inlines({ pandoc.RawInline('typst', before) })
  out:extend(inlines)
  out:insert(pandoc.RawInline('typst', after))
  return out
end

local function quoted(text)
  return '"' .. text:gsub('\\', '\\\\'):gsub('"', '\\"'):gsub('\n', ' ') .. '"'
end


local function label(id)
  return id ~= '' and ' <' .. id .. '>' or ''
end

local function picture(image)
  local width = tonumber(image.attributes.width)
  local size = width and (', width: ' .. width * PX .. 'pt') or ''
  local call = string.format('#picture(%s, alt: %s%s)', quoted('/' .. image.src),
    quoted(stringify(image.caption)), size)
  return pandoc.RawInline('typst', call)
end

local function float(div)
  local caption, content = print_form.parted(div)
  local kind = div.classes:includes('float-tbl') and 'table' or 'image'
  local head = string.format('#figure(kind: %s, supplement: none, numbering: none', kind)
  if #caption > 0 then head = head .. ', caption: [' .. inline(caption) .. ']' end
  local blocks = pandoc.Blocks({ raw(head .. ')[') })
  blocks:extend(content)
  blocks:insert(raw(']' .. label(div.identifier)))
  return blocks
end

local function callout(div)
  local kind, title, text = print_form.callout(div)
  local blocks = pandoc.Blocks({ raw('#admonition(' .. quoted(kind) .. ', [' .. inline(title) .. '])[') })
  blocks:extend(text)
  blocks:insert(raw(']' .. label(div.identifier)))
  return blocks
end

local function formula(math)
  local block = math.mathtype == 'DisplayMath'
  local markup = inline({ math })
  return pandoc.RawInline('typst', string.format('#math.equation(block: %s, alt: %s, %s)',
    tostring(block), quoted(math.text), markup))
end

local function span(el)
  local verdict = forms.verdict(el)
  if verdict then return within('#verdict(' .. quoted(verdict) .. ')[', el.content, ']') end
  if el.classes:includes('small') then return within('#small[', el.content, ']') end
  if el.classes:includes('header-section-number') then return within('#nr[', el.content, ']') end
  if el.classes:includes('float-label') then return within('#strong[', el.content, ']') end
  if el.identifier ~= '' then
    return within('#metadata(none)' .. label(el.identifier), el.content, '')
  end
  return el.content
end

-- A line that is all bold stands as a small heading: it stays with what follows.
local function sticky(para)
  if #para.content == 1 and para.content[1].t == 'Strong' then
    return { raw('#block(sticky: true)['), pandoc.Plain(para.content), raw(']') }
  end
end

-- Inner forms first: captions are written out when their float is shaped.
local function shaped(blocks)
  return blocks:walk({
    Image = picture,
    Math = formula,
    Para = sticky,
    Span = span,
    Table = function(tbl)
      tbl.classes:insert('typst:no-figure')
      return tbl
    end,
  }):walk({
    Div = function(div)
      if div.classes:includes('float') then return float(div) end
      if div.classes:includes('callout') then return callout(div) end
      if div.classes:includes('csl-bib-body') then
        local out = pandoc.Blocks({ raw('#bibliography-list[') })
        out:extend(div.content)
        out:insert(raw(']'))
        return out
      end
      if div.classes:includes('csl-entry') then
        local out = pandoc.Blocks({ raw('#entry[') })
        out:extend(div.content)
        out:insert(raw(']' .. label(div.identifier)))
        return out
      end
    end,
  })
end

function M.write(manifest, blocks)
  local authors = {}
  for i, author in ipairs(manifest.authors) do authors[i] = quoted(author) .. ',' end
  local text = table.concat({
    '#import "typst-template.typ": *',
    '#show: book.with(title: ' .. quoted(manifest.title) .. ', subtitle: ' .. quoted(manifest.subtitle)
      .. ', authors: (' .. table.concat(authors, ' ') .. '), description: '
      .. quoted(manifest.description) .. ', lang: ' .. quoted(manifest.lang) .. ', contents: '
      .. quoted(manifest.typst.labels.contents) .. ', depth: ' .. math.tointeger(manifest.typst.depth)
      .. ', edition: ' .. quoted(manifest.called) .. ', day: ' .. quoted(manifest.day)
      .. ', notice: [' .. inline(pandoc.Inlines(manifest.typst.labels.notice)) .. '])',
    write(shaped(blocks)),
  }, '\n\n')
  local file = assert(io.open(manifest.typst.output, 'wb'))
  file:write(text, '\n')
  file:close()
end

return M
