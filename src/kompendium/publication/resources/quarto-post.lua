-- Quarto's DOCX after Quarto: chapters are numbered «1 Title», as in every other format, and
-- pictures keep their alternative texts.

return {
  {
    Pandoc = function(doc)
      -- As the embedded publisher has it, of a working copy too.
      if doc.meta.edition then doc.meta.date = doc.meta.edition end
      local notice = doc.meta.notice
      if notice then
        local text = pandoc.Para(pandoc.Inlines(notice))
        doc.blocks:insert(1, pandoc.Div({ text }, pandoc.Attr('', {}, { ['custom-style'] = 'Notice' })))
      end
      return doc
    end,
    Header = function(header)
      local second = header.content[2]
      if header.level == 1 and second and second.t == 'Str' and second.text:match('^%.%s*$') then
        header.content[2] = pandoc.Space()
        return header
      end
    end,
    Image = function(image)
      local alt = image.attributes['fig-alt'] or image.attributes.alt
      if alt then
        image.caption = pandoc.Inlines(alt)
        return image
      end
    end,
  },
}
