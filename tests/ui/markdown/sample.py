"""A text with every construct an assistant writes."""

SAMPLE = """\
# Budget review with ACME, 12 Nov

**Present:** Ana, Luc, *you* and ~~Bob~~; see [the minutes](https://example.com/minutes) or
`budget.xlsx`. A longer sentence so that the paragraph must wrap at eighty columns, with wide
text 日本語の文章 and emoji 👩‍💻 🎉 inside.

## Decisions

- Travel line cut by **10 percent**
- New quote expected on Friday
  - nested point with `inline code`
    - third level
- [x] call the bank
- [ ] send the notes

### Steps

1. First do this
2. Then that, which is long enough to wrap onto a second line in an eighty column terminal
   1. nested ordered
3. Finally

> A quote with **bold** words that says something worth repeating twice.
>
> > Nested quote

| Item | Owner | Amount |
|:-----|:-----:|-------:|
| Travel | Ana | 1,200 |
| Hosting, with a long description that wraps in its cell | Luc | 35 |

```python
def total(lines: list[int]) -> int:
    \"""Add it all.\"""
    return sum(line for line in lines if line > 0)  # positive only
```

#### Level four

---

##### Level five

###### Level six

Last words.
"""
