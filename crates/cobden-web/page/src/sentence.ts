// The question of the page as one sentence, and the fragment of an address that says it. cobden::session::Fragment reads the same; both are held to
// ../../tests/fragments.json.

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

/** What stands before the keys of the pinned sentence. */
const PINNED = "a.";

function parts(sentence: Sentence, before: string): [string, string][] {
  return [
    ["who", sentence.initiator],
    ["rate", String(sentence.rate_pct)],
    ["on", sentence.targets.join(",")],
    ["goods", sentence.goods.join(",")],
    ["answer", sentence.coalition.join(",")],
    ["how", sentence.answer],
    ["with", String(sentence.answer_rate)],
  ].map(([key, value]) => [before + key, value]);
}

/** `who=USA&rate=20&on=*&goods=*&answer=CHN,JPN&how=together&with=same&world=4ce52bdc`; a pinned sentence has the same keys after `a.`. */
export function toFragment(sentence: Sentence, world = "", pinned: Sentence | null = null): string {
  const all = [...parts(sentence, ""), ...(world ? [["world", world.slice(0, 8)]] : []), ...(pinned ? parts(pinned, PINNED) : [])];
  return new URLSearchParams(all).toString().replaceAll("%2C", ",").replaceAll("%2A", ALL);
}

export interface Said {
  sentence: Sentence;
  pinned: Sentence | null;
  world: string | null;
}

/** What a fragment says; what it leaves out is as in the opening sentence, with nobody who answers. Names are checked by the server. */
export function fromFragment(fragment: string): Said | null {
  const said = new URLSearchParams(fragment.replace(/^#/, ""));
  const keys = [...said.keys()];
  if (!keys.length) return null;
  const pins = keys.some((key) => key.startsWith(PINNED));
  return { sentence: read(said, ""), pinned: pins ? read(said, PINNED) : null, world: said.get("world") };
}

function read(said: URLSearchParams, before: string): Sentence {
  const get = (key: string) => said.get(before + key);
  const list = (key: string, other: string[]) => get(key)?.split(",").filter(Boolean) ?? other;
  const rate = (text: string | null, other: number) => {
    const value = Number(text ?? Number.NaN);
    return Number.isFinite(value) ? Math.min(Math.max(value, 0), 1000) : other;
  };
  const how = get("how");
  const answer = get("with");
  return {
    initiator: get("who") ?? opening.initiator,
    rate_pct: rate(get("rate"), opening.rate_pct),
    targets: list("on", opening.targets),
    goods: list("goods", opening.goods),
    coalition: list("answer", []),
    answer: how === "none" || how === "each" || how === "together" ? how : "each",
    answer_rate: answer === "best" ? "best" : answer === null || answer === "same" ? "same" : rate(answer, 0),
  };
}

/** The sentence in words. */
export function words(sentence: Sentence, country: (code: string) => string, sector: (code: string) => string): string {
  const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
  const listed = (names: string[]) => (names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`);
  const targets = sentence.targets.includes(ALL) ? "everyone" : sentence.targets.length > 4 ? `${sentence.targets.length} countries` : listed(sentence.targets.map(country));
  const goods = sentence.goods.includes(ALL) ? "all goods" : sentence.goods.length > 3 ? `${sentence.goods.length} kinds of goods` : listed(sentence.goods.map((code) => sector(code).toLowerCase()));
  const first = `${capital(country(sentence.initiator))} puts ${sentence.rate_pct} % more on ${targets}, ${goods}`;
  if (!sentence.coalition.length) return `${first}; nobody answers.`;
  const many = sentence.coalition.length > 1;
  const who = listed(sentence.coalition.map(country));
  if (sentence.answer === "none") return `${first}; ${who} ${many ? "do" : "does"} not answer.`;
  const how = !many ? "" : sentence.answer === "together" ? " together" : ", each on its own,";
  const rate = sentence.answer_rate === "same" ? "the same rate" : sentence.answer_rate === "best" ? "what is best for them" : `${sentence.answer_rate} %`;
  return `${first}; ${who} ${many ? "answer" : "answers"}${how} with ${rate}.`;
}
