-- Quarto's PDF and DOCX: gives text that was written for pages the forms the embedded publisher
-- gives it. A filter named under «filters:» of these formats in _quarto.yml.

local forms = require('forms')

local typst = FORMAT:match('typst') ~= nil

local function within(before, inlines, after)
  local out = pandoc.Inlines({ pandoc.RawInline('typst', before) })
  out:extend(inlines)
  out:insert(pandoc.RawInline('typst', after))
  return out
end

-- A finding has its address on the page that computes it and in the register; in one document
-- the first is meant.
local taken = {}

local function span(el)
  if el.identifier:match('^funn%-') then
    if taken[el.identifier] then return {} end
    taken[el.identifier] = true
  end
  if not typst then return nil end
  local verdict = forms.verdict(el)
  if verdict then return within('#verdict("' .. verdict .. '")[', el.content, ']') end
  if el.classes:includes('small') then return within('#small[', el.content, ']') end
  if el.identifier ~= '' and #el.content == 0 then
    -- A label needs something to hang on to.
    return pandoc.RawInline('typst', '#metadata(none) <' .. el.identifier .. '>')
  end
end

-- A link to a notebook leads to its chapter, which is named «sec-» and the notebook's name.
local function link(el)
  local stem = el.target:match('^([^/#]+)%.ipynb$')
  if stem then
    el.target = '#sec-' .. stem
    return el
  end
end

-- Pictures are shown in the size they have on pages, if they fit between the margins.
local WIDTH = 604 -- CSS pixels in 160 mm

local function picture(el)
  local width = tonumber((el.attributes.width or ''):match('^(%d+)p?x?$'))
  if width and width > WIDTH then
    el.attributes.width, el.attributes.height = '100%', nil
    return el
  end
end

-- The title says what kind of note it is; an icon would be a picture without alternative text.
local function callout(el)
  el.icon = false
  return el
end

-- Quarto itself leaves out what is for pages alone, but only after this filter.
local function for_pages(el)
  if el.classes:includes('content-visible') and el.attributes['when-format'] == 'html' then
    return {}
  end
end

return {
  { Span = for_pages },
  { Inlines = forms.without_html },
  { Span = span, Link = link, Image = picture, Table = forms.fitted, Callout = callout },
}
