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
local function given(text)
  return text and text ~= '' and text or nil
end

-- Titles stand in many menus, so each is written once.
local function entries()
  local known = {}
  return function(chapter)
    if not chapter then return nil end
    known[chapter] = known[chapter] or {
      title = chapter.short and inline(pandoc.Inlines(chapter.short)) or inline(chapter.title),
    }
    return { href = chapter.href, title = known[chapter].title,
      number = chapter.number and tostring(chapter.number) }
  end
end

-- What writes the page of a chapter, by its place in the manifest.
function M.writer(manifest, source)
  local template = pandoc.template.compile(source)
  local entry, by_stem = entries(), {}
  for _, chapter in ipairs(manifest.chapters) do by_stem[chapter.stem] = chapter end
  return function(i)
    local chapter = manifest.chapters[i]
    local blocks = web.shaped(chapter.blocks, manifest.words)
    local menu = {}
    for j, stem in ipairs(chapter.menu) do
      menu[j] = entry(by_stem[stem])
      menu[j].current = stem == chapter.stem and 'yes' or nil
    end
    local front = i == 1
    local plain = stringify(chapter.title)
    local context = {
      lang = manifest.lang,
      book = { title = manifest.title, subtitle = given(manifest.subtitle),
        authors = manifest.authors, description = given(manifest.description) },
      words = manifest.labels,
      home = given(manifest.home.href) and manifest.home or nil,
      head = given(chapter.head),
      bar = chapter.bar,
      foot = given(manifest.foot),
      called = given(manifest.called),
      menu = menu,
      downloads = #manifest.downloads > 0 and manifest.downloads or nil,
      front = front and 'yes' or nil,
      separate = manifest.separate and 'yes' or nil,
      pagetitle = front and manifest.title or (plain .. ' – ' .. manifest.title),
      chapter = { id = chapter.id, title = inline(chapter.title),
        number = chapter.number and tostring(chapter.number) },
      previous = entry(manifest.chapters[i - 1]),
      next = entry(manifest.chapters[i + 1]),
      contents = given(list(contents(blocks, manifest.toc_depth))),
      body = render(blocks),
    }
    local text = pandoc.layout.render(pandoc.template.apply(template, context))
    local file = assert(io.open(manifest.output .. '/' .. chapter.href, 'wb'))
    file:write(text, '\n')
    file:close()
  end
end

return M
