package load

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"

	"parley/bench/words"
)

// said is what the talk is made of.
var said = words.Learn(`The night ferry was never meant to pay for itself. People on the far side have jobs that end after
midnight and no other way home. The council says that forty passengers are too few for a boat of that size. I counted
sixty on a wet Tuesday in November. Nobody asks what the empty road costs. The bridge was promised in the year my
daughter was born and she votes now. A smaller boat would do. The captain said so himself at the meeting. What the
article leaves out is the winter timetable. In winter the last bus is gone before the boat lands. You could of course
move the bus. That would be too easy. The figures for spring are not in the report at all. Somebody should ask for
them. I did and was told to wait. My grandmother took that ferry to the dances. It is slow and cold and I would miss it.`)

// text gives words to write, which begin with a key so that none are alike. Most are plain and short, some have
// markup, a few are as long as a reader's patience.
func text(dice *rand.Rand, key string) string {
	size := 30 + dice.IntN(400)
	if dice.IntN(50) == 0 {
		size = 1000 + dice.IntN(6000)
	}
	body := key + ": " + said.Text(dice, size)
	switch dice.IntN(8) {
	case 0:
		body += "\n\n" + said.Text(dice, 40)
	case 1:
		body += " It is *not* what the **report** says."
	case 2:
		body += "\n\n> " + said.Text(dice, 40) + "\n\nReally?"
	case 3:
		body += " 1 < 2 & \"quoted\" – see <https://example.com/a?b=c&d=e>."
	}
	return body
}

// passages are words of the stories that some comments are about.
var passages = []string{"forty passengers on a winter night", "the bridge was promised", "what the empty road costs"}

func object(members map[string]any) string {
	text, err := json.Marshal(members)
	if err != nil {
		panic(err) // these are texts and numbers
	}
	return string(text)
}

// keyFor makes an Idempotency-Key that says where it comes from.
func keyFor(round uint64, worker, n int) string {
	return strings.ToLower(fmt.Sprintf("r%dw%dn%d", round, worker, n))
}
