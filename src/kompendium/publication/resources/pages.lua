-- Writes the pages: body, contents, neighbours and title of each chapter into the template.

local web = require('web')

local M = {}
local stringify = pandoc.utils.stringify

local function render(blocks)
  local options = pandoc.WriterOptions({
    html_math_method = 'mathml', section_divs = true, wrap_text = 'none',
  })
  local body = pandoc.write(pandoc.Pandoc(blocks), 'html5', options)
  -- Code that is wider than the page scrolls; the keyboard must reach it.
  return (body:gsub('<pre', '<pre tabindex="0"'))
end

local function inline(inlines)
  local plain = inlines:walk({ Note = function() return {} end, Link = function(l) return l.content end })
  return pandoc.write(pandoc.Pandoc({ pandoc.Plain(plain) }), 'html5', { wrap_text = 'none' })
end

-- The headings of a page as nested items { title, href, items }.
local function contents(blocks, depth)
  local root = { level = 1, items = {} }
  local open = { root }
  blocks:walk({
    traverse = 'topdown',
    Header = function(header)
      if header.level > depth or header.identifier == '' or header.classes:includes('unlisted') then
        return nil
      end
      while #open > 1 and open[#open].level >= header.level do open[#open] = nil end
      local item = { level = header.level, items = {}, title = inline(header.content),
        href = '#' .. header.identifier }
      table.insert(open[#open].items, item)
      open[#open + 1] = item
    end,
  })
  return root.items
end

local function list(items)
  if #items == 0 then return '' end
  local parts = { '<ol>' }
  for _, item in ipairs(items) do
    parts[#parts + 1] = '<li><a href="' .. item.href .. '">' .. item.title .. '</a>'
      .. list(item.items) .. '</li>'
  end
  parts[#parts + 1] = '</ol>'
  return table.concat(parts)
end

-- Keys without value are left out, so that the template's conditions can ask for them.
local function entry(chapter)
  return chapter and {
    href = chapter.href,
    title = inline(chapter.title),
    number = chapter.number and tostring(chapter.number),
  }
end

function M.write(manifest, source)
  local template = pandoc.template.compile(source)
  for i, chapter in ipairs(manifest.chapters) do
    local blocks = web.shaped(chapter.blocks, manifest.words)
    local menu = {}
    for j, other in ipairs(manifest.chapters) do
      menu[j] = entry(other)
      menu[j].current = i == j and 'yes' or nil
    end
    local front = i == 1
    local plain = stringify(chapter.title)
    local context = {
      lang = manifest.lang,
      book = { title = manifest.title, subtitle = manifest.subtitle ~= '' and manifest.subtitle or nil,
        authors = manifest.authors, description = manifest.description ~= '' and manifest.description or nil },
      words = manifest.labels,
      menu = menu,
      downloads = #manifest.downloads > 0 and manifest.downloads or nil,
      front = front and 'yes' or nil,
      pagetitle = front and manifest.title or (plain .. ' – ' .. manifest.title),
      chapter = { id = chapter.id, title = inline(chapter.title),
        number = chapter.number and tostring(chapter.number) },
      previous = entry(manifest.chapters[i - 1]),
      next = entry(manifest.chapters[i + 1]),
      contents = list(contents(blocks, manifest.toc_depth)),
      body = render(blocks),
    }
    if context.contents == '' then context.contents = nil end
    local text = pandoc.layout.render(pandoc.template.apply(template, context))
    local file = assert(io.open(manifest.output .. '/' .. chapter.href, 'wb'))
    file:write(text, '\n')
    file:close()
  end
end

return M
