-- The book for Word: styles by name, which docx.py keeps in the reference document.

local forms = require('forms')
local print_form = require('print')

local M = {}

local function styled(blocks, name)
  return pandoc.Div(blocks, pandoc.Attr('', {}, { ['custom-style'] = name }))
end

local function styled_inline(inlines, name)
  return pandoc.Span(inlines, pandoc.Attr('', {}, { ['custom-style'] = name }))
end

local function openxml(text)
  return pandoc.RawInline('openxml', text)
end

local function field(kind)
  return '<w:r><w:fldChar w:fldCharType="' .. kind .. '"/></w:r>'
end

-- The contents as a field: links at once, page numbers when the reader updates it.
local function contents(blocks, depth, title)
  local entries = pandoc.Blocks({})
  local places = 0
  blocks = blocks:walk({
    Header = function(header)
      if header.level > depth then return nil end
      places = places + 1
      if header.identifier == '' then header.identifier = 'contents-' .. places end
      local plain = header.content:walk({
        Note = function() return {} end,
        Link = function(link) return link.content end,
        Span = function(span) return span.content end,
      })
      local link = pandoc.Link(plain, '#' .. header.identifier)
      entries:insert(styled({ pandoc.Para({ link }) }, 'toc ' .. header.level))
      return header
    end,
  })
  if #entries == 0 then return blocks end
  local instruction = string.format('<w:r><w:instrText xml:space="preserve"> TOC \\o "1-%d" \\h \\z \\u '
    .. '</w:instrText></w:r>', depth)
  local first, last = entries[1].content[1].content, entries[#entries].content[1].content
  first:insert(1, openxml(field('begin') .. instruction .. field('separate')))
  last:insert(openxml(field('end')))
  local out = pandoc.Blocks({ styled({ pandoc.Para(title) }, 'TOC Heading') })
  out:extend(entries)
  out:extend(blocks)
  return out
end

local function float(div)
  local caption, content = print_form.parted(div)
  if div.classes:includes('float-fig') then
    return pandoc.Figure(content, pandoc.Caption({ pandoc.Plain(caption) }), pandoc.Attr(div.identifier))
  end
  local captioned = false
  content = content:walk({
    Table = function(tbl)
      if captioned then return nil end
      captioned = true
      tbl.caption = pandoc.Caption({ pandoc.Plain(caption) })
      return tbl
    end,
  })
  if not captioned then content:insert(1, styled({ pandoc.Para(caption) }, 'Table Caption')) end
  return pandoc.Div(content, pandoc.Attr(div.identifier))
end

local function callout(div)
  local kind, title, text = print_form.callout(div)
  local out = pandoc.Blocks({ styled({ pandoc.Para(title) }, 'Callout Title ' .. kind) })
  out:insert(styled(text, 'Callout ' .. kind))
  return pandoc.Div(out, pandoc.Attr(div.identifier))
end

local function span(el)
  local verdict = forms.verdict(el)
  if verdict then
    local whole = el.content:walk({ Space = function() return pandoc.Str('\u{a0}') end })
    return styled_inline(whole, 'Verdict ' .. verdict)
  end
  if el.classes:includes('small') then return styled_inline(el.content, 'Small') end
  if el.classes:includes('header-section-number') then
    return styled_inline(el.content, 'Section Number')
  end
  if el.classes:includes('float-label') then return pandoc.Strong(el.content) end
end

-- Word makes columns alike where no width is given: they get what their text needs.
local SLACK = 1.15
local function widened(tbl)
  local widths, sum = {}, 0
  for width in (tbl.attributes.natural or ''):gmatch('%S+') do
    widths[#widths + 1] = tonumber(width) * SLACK
    sum = sum + widths[#widths]
  end
  if #widths == 0 then return nil end
  for i, spec in ipairs(tbl.colspecs) do
    tbl.colspecs[i] = { spec[1], widths[i] / math.max(1, sum) }
  end
  tbl.attributes.natural = nil
  return tbl
end

local function shaped(blocks)
  return blocks:walk({
    Span = span,
    Table = widened,
    Para = function(para)
      if #para.content == 1 and para.content[1].t == 'Strong' then return styled({ para }, 'Lead') end
    end,
    Image = function(image)
      -- The alternative text is the description; Word would show a title as well.
      image.title = ''
      return image
    end,
  }):walk({
    Div = function(div)
      if div.classes:includes('float') then return float(div) end
      if div.classes:includes('callout') then return callout(div) end
      if div.classes:includes('csl-entry') then
        return pandoc.Div({ styled(div.content, 'Bibliography') }, pandoc.Attr(div.identifier))
      end
    end,
  })
end

function M.write(manifest, blocks)
  local own = manifest.docx
  local whole = contents(shaped(blocks), math.tointeger(own.depth), own.labels.contents)
  whole:insert(1, styled({ pandoc.Para(own.labels.notice) }, 'Notice'))
  local meta = {
    title = pandoc.MetaString(manifest.title),
    author = pandoc.MetaList(pandoc.List(manifest.authors):map(pandoc.MetaString)),
    lang = pandoc.MetaString(own.lang),
  }
  if manifest.subtitle ~= '' then meta.subtitle = pandoc.MetaString(manifest.subtitle) end
  if manifest.called ~= '' then meta.date = pandoc.MetaString(manifest.called) end
  if manifest.description ~= '' then meta.description = pandoc.MetaString(manifest.description) end
  local options = pandoc.WriterOptions({ reference_doc = own.reference })
  local file = assert(io.open(own.output, 'wb'))
  file:write(pandoc.write(pandoc.Pandoc(whole, meta), 'docx', options))
  file:close()
end

return M
