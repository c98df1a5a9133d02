-- Resolves what points elsewhere: citations, cross references (@fig-x), links between chapters.

local M = {}
local NBSP = '\u{a0}'
local KINDS = { fig = true, tbl = true, sec = true, eq = true }

local function kind_of(id)
  local kind = id:match('^(%a+)%-')
  return kind and KINDS[kind:lower()] and kind:lower() or nil
end

-- Cross references look like citations to Pandoc; citeproc must not see them.
local function is_reference(cite)
  return kind_of(cite.citations[1].id) ~= nil
end

-- One bibliography for the whole book, so that «2020a» means the same on every page.
function M.cite(manifest)
  if #manifest.bibliographies == 0 then return end
  local all = pandoc.Blocks({})
  local kept = {}
  for i, chapter in ipairs(manifest.chapters) do
    local blocks = chapter.blocks:walk({
      Cite = function(cite)
        if is_reference(cite) then
          kept[#kept + 1] = cite
          return pandoc.Span({}, pandoc.Attr('', { 'kept-reference' }, { place = tostring(#kept) }))
        end
      end,
    })
    all:insert(pandoc.Div(blocks, pandoc.Attr('', {}, { chapter = tostring(i) })))
  end
  local meta = { lang = manifest.lang, bibliography = manifest.bibliographies }
  meta['link-citations'] = true
  local doc = pandoc.utils.citeproc(pandoc.Pandoc(all, meta))
  for _, block in ipairs(doc.blocks) do
    local place = block.t == 'Div' and tonumber(block.attributes.chapter)
    if place then
      manifest.chapters[place].blocks = block.content:walk({
        Span = function(span)
          local number = tonumber(span.attributes.place)
          return number and span.classes:includes('kept-reference') and kept[number] or nil
        end,
        Div = function(div)
          if div.identifier:match('^ref%-') then
            manifest.references = manifest.chapters[place].stem .. '.html'
          end
        end,
      })
    end
  end
end

local function prefix(entry, id, words)
  local text = words['crossref-' .. entry.kind .. '-prefix']
    or words['crossref-' .. entry.kind .. '-title']
  if id:match('^%u') then
    text = pandoc.text.upper(pandoc.text.sub(text, 1, 1)) .. pandoc.text.sub(text, 2)
  end
  return text
end

local function reference(citation, chapter, words, index)
  local id = citation.id:sub(1, 1):lower() .. citation.id:sub(2)
  local entry = index[id]
  if not entry then
    return pandoc.Strong('?@' .. id)
  end
  local content = pandoc.Inlines({})
  if not entry.number then
    content = entry.title and entry.title:clone() or pandoc.Inlines(id)
  else
    if #citation.prefix > 0 then
      content:extend(citation.prefix)
      content:insert(NBSP)
    elseif citation.mode ~= 'SuppressAuthor' then
      content:insert(prefix(entry, citation.id, words) .. NBSP)
    end
    content:insert(entry.number)
  end
  if entry.outside then
    if entry.href == '' then return pandoc.Span(content) end
    return pandoc.Link(content, entry.href, '', { class = 'xref' })
  end
  local target = (entry.href ~= chapter.href and entry.href or '') .. '#' .. id
  return pandoc.Link(content, target, '', { class = 'xref' })
end

function M.resolve(chapter, manifest, index)
  local stems = {}
  for _, one in ipairs(manifest.chapters) do
    stems[one.stem .. '.ipynb'], stems[one.stem .. '.md'] = one.href, one.href
  end
  return chapter.blocks:walk({
    Cite = function(cite)
      if not is_reference(cite) then return nil end
      local out = pandoc.Inlines({})
      for i, citation in ipairs(cite.citations) do
        if i > 1 then out:extend({ pandoc.Str(','), pandoc.Space() }) end
        out:insert(reference(citation, chapter, manifest.words, index))
        out:extend(citation.suffix)
      end
      return out
    end,
    Link = function(link)
      local path, fragment = link.target:match('^([^#]*)(#?.*)$')
      if stems[path] then
        link.target = stems[path] .. fragment
      elseif link.target:match('^#ref%-') and manifest.references ~= chapter.href then
        link.target = (manifest.references or '') .. link.target
      end
      return link
    end,
    Image = function(image)
      local alt = image.attributes['fig-alt'] or image.attributes.alt
      if alt then
        image.caption = pandoc.Inlines({ pandoc.Str(alt) })
        image.attributes['fig-alt'], image.attributes.alt = nil, nil
      end
      return image
    end,
  })
end

return M
