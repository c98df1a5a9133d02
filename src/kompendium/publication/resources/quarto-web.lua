-- Quarto's pages: tables lie in boxes that scroll, as the embedded publisher has them, and the
-- keyboard reaches whatever scrolls. A filter named under «filters:» of html in _quarto.yml, to
-- be run after Quarto's own, for captions whose references are set.

local web = require('web')

local TABLE = { nb = 'Tabell', en = 'Table' }

local lang = 'nb'

local function boxed(tbl, name)
  return web.boxed(tbl, { ['crossref-tbl-title'] = name or TABLE[lang] })
end

-- What Quarto numbers is, until it is written, a Div that holds the content and the caption.
local function float(div)
  if div.attributes.__quarto_custom_type ~= 'FloatRefTarget' then return nil end
  local content, caption = div.content[1], div.content[2]
  local name = caption and pandoc.utils.stringify(caption)
  if name == '' then name = nil end
  div.content[1] = content:walk({ Table = function(tbl) return boxed(tbl, name) end })
  return div, false
end

local function reached(code)
  code.attributes.tabindex = '0'
  return code
end

return {
  { Meta = function(meta)
      local named = meta.lang and pandoc.utils.stringify(meta.lang):match('^%a+')
      if TABLE[named] then lang = named end
    end },
  { CodeBlock = reached },
  { traverse = 'topdown', Div = float,
    Table = function(tbl) return boxed(tbl), false end },
}
