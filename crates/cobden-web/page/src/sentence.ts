// The question of the page as one sentence, and the fragment of an address that says it.

export type Manner = "none" | "each" | "together";

export interface Sentence {
  initiator: string;
  rate_pct: number;
  targets: string[];
  goods: string[];
  coalition: string[];
  answer: Manner;
  answer_rate: "same" | "best" | number;
}

export const ALL = "*";

export const opening: Sentence = {
  initiator: "USA",
  rate_pct: 20,
  targets: [ALL],
  goods: [ALL],
  coalition: ["CHN", "JPN"],
  answer: "together",
  answer_rate: "same",
};

/** `who=USA&rate=20&on=*&goods=*&answer=CHN,JPN&how=together&with=same&world=4ce52bdc`. */
export function toFragment(sentence: Sentence, world: string): string {
  const parts = new URLSearchParams({
    who: sentence.initiator,
    rate: String(sentence.rate_pct),
    on: sentence.targets.join(","),
    goods: sentence.goods.join(","),
    answer: sentence.coalition.join(","),
    how: sentence.answer,
    with: String(sentence.answer_rate),
    world: world.slice(0, 8),
  });
  return parts.toString().replaceAll("%2C", ",").replaceAll("%2A", ALL);
}

/** What a fragment says; what it leaves out is as in the opening sentence. Names are checked by the server. */
export function fromFragment(fragment: string): { sentence: Sentence; world: string | null } | null {
  const parts = new URLSearchParams(fragment.replace(/^#/, ""));
  if (![...parts.keys()].length) return null;
  const list = (key: string, other: string[]) => parts.get(key)?.split(",").filter(Boolean) ?? other;
  const rate = (text: string | null, other: number) => {
    const value = Number(text ?? Number.NaN);
    return Number.isFinite(value) ? Math.min(Math.max(value, 0), 1000) : other;
  };
  const how = parts.get("how");
  const answer = parts.get("with");
  return {
    sentence: {
      initiator: parts.get("who") ?? opening.initiator,
      rate_pct: rate(parts.get("rate"), opening.rate_pct),
      targets: list("on", opening.targets),
      goods: list("goods", opening.goods),
      coalition: list("answer", []),
      answer: how === "none" || how === "each" || how === "together" ? how : "each",
      answer_rate: answer === "best" ? "best" : answer === null || answer === "same" ? "same" : rate(answer, 0),
    },
    world: parts.get("world"),
  };
}
