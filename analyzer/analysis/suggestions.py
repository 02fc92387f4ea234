"""Does a sentence ask or advise somebody to do something?

In: folded text. Out: yes or no, and the words that show it.
"""

import re

ENGLISH = re.compile(
    r"\b(?:should(?! not have)|must|needs? to|has to|have to|ought to"
    r"|could (?!not|only|hardly|see|hear|tell|feel)"
    r"|please|i (?:would )?(?:recommend|suggest|advise)|recommend(?:ed)? to|suggest(?:ion)?|why not|how about"
    r"|i would(?! (?:not|say|have))|had better|better to|it would be (?:good|better|useful|nice|helpful)"
    r"|i hope (?:that )?(?:they|you|the company)|urge)\b"
)
CHINESE = re.compile(
    r"建议|希望(?!今后合作)|应(?!用|力|对|急|变|该说|届|收|答|聘)|需要|须|宜|可考虑|可以考虑|不妨|最好|请(?!教|来|了)|能否|可否|务必|要加强|应当"
)


def suggestion_cue(folded: str) -> tuple[int, int] | None:
    """The span of the first words that ask for something, or None."""
    match = ENGLISH.search(folded) or CHINESE.search(folded)
    return match.span() if match else None
