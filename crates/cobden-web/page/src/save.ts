// What can be taken away: tables with the columns of `cobden run --out`, the map as a picture.

import type { Reading, World } from "./api";
import { shade, signed } from "./scale";

/** Columns of countries.csv after `case`, `country` and `converged`. */
const COUNTRY = [
  "welfare_pct", "welfare_usd_m", "real_wage_pct", "tariff_revenue_usd_m", "tariff_revenue_change_usd_m", "export_tax_revenue_usd_m", "terms_of_trade_pct",
  "exports_pct", "imports_pct", "wage_hat", "price_hat", "income_hat", "employment_pct", "government_welfare_pct", "welfare_first_order_pct",
  "terms_of_trade_first_order_pct", "volume_of_trade_first_order_pct",
];
const SECTOR = ["output_pct", "employment_pct", "sales_pct", "price_pct", "exports_pct", "imports_pct"] as const;

function csv(header: string[], rows: unknown[][]): string {
  const cell = (value: unknown) => {
    const text = value === null || value === undefined ? "" : String(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [header, ...rows].map((row) => `${row.map(cell).join(",")}\n`).join("");
}

export function countriesCsv(reading: Reading): string {
  const rows = reading.countries.map((one) => [reading.case, one.country, reading.solver.converged, ...COUNTRY.map((column) => one[column])]);
  return csv(["case", "country", "converged", ...COUNTRY], rows);
}

export function sectorsCsv(reading: Reading): string {
  // What was not made before and is not made now has not changed: as sectors.csv has it.
  const cell = (value: number | null, column: string) => value ?? (column === "output_pct" || column === "employment_pct" ? 0 : null);
  const rows = reading.why?.sectors.map((one) => [reading.case, one.country, one.sector, ...SECTOR.map((column) => cell(one[column], column))]) ?? [];
  return csv(["case", "country", "sector", ...SECTOR], rows);
}

export function tradeCsv(world: World, reading: Reading): string {
  const { before, after } = reading.why?.trade ?? { before: [], after: [] };
  const rows = before.flatMap((row, n) =>
    row.map((old, i) => {
      const now = after[n][i];
      const percent = now === old ? 0 : old > 0 ? 100 * (now / old - 1) : "";
      return [reading.case, world.countries[n].code, world.countries[i].code, old, now, now - old, percent];
    }),
  );
  return csv(["case", "importer", "exporter", "imports_before", "imports", "change", "change_pct"], rows);
}

export function save(name: string, content: Blob | string, kind = "text/plain") {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type: kind }));
  link.download = name;
  link.click();
  // The download has to have begun.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export interface Picture {
  world: World;
  values: (number | null)[];
  actors: string[];
  headline: string;
  /** What the colours mean: real income, or how two answers differ. */
  legend: string;
  /** The fragment of the address. */
  fragment: string;
}

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Lines of at most `width` signs; a word that is longer, as an address is, is cut. */
function wrapped(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ").flatMap((word) => word.match(new RegExp(`.{1,${width}}`, "g")) ?? [])) {
    const last = lines[lines.length - 1];
    if (last && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}

/** The map with headline, legend, date of the data, model, what it is not, and the address it came from. No style sheet: it has to look the same anywhere. */
export function mapSvg({ world, values, actors, headline, legend, fragment }: Picture): { svg: string; width: number; height: number } {
  const { width, height, shapes, unclaimed, colours } = world.map;
  const fill = new Map(colours.map(([name, day]) => [name, day]));
  const size = width / 1000;
  const font = (points: number) => `font-family="DejaVu Sans, Helvetica, Arial, sans-serif" font-size="${points * size}"`;
  let y = 0;
  const lines = (text: string, points: number, more = "") =>
    wrapped(text, Math.floor(1700 / points)).map((line) => `<text x="${20 * size}" y="${(y += 1.4 * points * size)}" ${font(points)} fill="#1d1c1a" ${more}>${escaped(line)}</text>`);
  const head = lines(headline, 24, 'font-weight="700"');
  y += 12 * size;
  const top = y;
  const land = world.countries.map((country, n) => {
    const { path, dots } = shapes[n];
    const value = values[n] ?? null;
    const kind = shade(value);
    const colour = fill.get(kind) ?? "#ffffff";
    const actor = actors.indexOf(country.code);
    const line = actor < 0 ? 'stroke="#fffefb" stroke-width="1"' : `stroke="#1d1c1a" stroke-width="${actor ? 3 : 4}"${actor ? ' stroke-dasharray="8 5"' : ""}`;
    const title = `<title>${escaped(country.name)}: ${value === null ? "no number" : signed(value)}</title>`;
    const hatch = kind.startsWith("l") ? `<path d="${path}" fill="url(#hatch)" fill-rule="evenodd"/>` : "";
    const places = dots.map(([cx, cy, r]) => `<circle cx="${cx}" cy="${cy}" r="${Math.max(r, 7)}" fill="${colour}"/>`).join("");
    return `<g ${line}>${title}<path d="${path}" fill="${colour}" fill-rule="evenodd"/>${places}</g>${hatch}`;
  });
  const labels = world.countries.flatMap((country, n) => {
    const { centre, area } = shapes[n];
    const value = values[n] ?? null;
    if (!centre || value === null || (area <= 9000 && !actors.includes(country.code))) return [];
    const text = (dy: number, said: string, more = "") =>
      `<text x="${centre[0]}" y="${centre[1] + dy}" ${font(11)} text-anchor="middle" fill="#1d1c1a" stroke="#fffefb" stroke-width="${3 * size}" paint-order="stroke" ${more}>${escaped(said)}</text>`;
    return [text(0, country.code, 'font-weight="700"'), text(12 * size, signed(value))];
  });
  y = top + height + 10 * size;
  const box = 26 * size;
  const swatches = colours.map(([name, day], at) => {
    const place = `x="${20 * size + at * box}" y="${y}" width="${box - 2}" height="${14 * size}"`;
    return `<rect ${place} fill="${day}"/>${name.startsWith("l") ? `<rect ${place} fill="url(#hatch)"/>` : ""}`;
  });
  y += 18 * size;
  const foot = [
    ...lines(`${legend}; losses are hatched. Thick outline: who began; dashed: who answers.`, 13),
    ...lines(`Not a forecast. Data of ${world.year}, world ${world.id}; model ${world.model}, trade elasticities ${world.elasticities}; cobden ${world.cobden}.`, 13),
    ...lines("Names and boundaries are those of Natural Earth and imply no position on the status of any territory.", 13),
    ...lines(`#${fragment}`, 13),
  ];
  const all = Math.ceil(y + 16 * size);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${all}" width="${width}" height="${all}">
<title>${escaped(headline)}</title>
<defs><pattern id="hatch" width="12" height="12" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V12" stroke="#fffefb" stroke-width="2" stroke-opacity="0.35"/></pattern></defs>
<rect width="${width}" height="${all}" fill="#fffefb"/>
${head.join("\n")}
<g transform="translate(0 ${top})"><path d="${unclaimed}" fill="#e9e7e2"/>
${[...land, ...labels].join("\n")}
</g>
${[...swatches, ...foot].join("\n")}
</svg>
`;
  return { svg, width, height: all };
}

/** The picture as PNG, 2000 points wide. */
export async function mapPng(picture: Picture): Promise<Blob> {
  const { svg, width, height } = mapSvg(picture);
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = 2000;
    canvas.height = Math.round((2000 * height) / width);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done, failed) => canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("the browser made no picture"))), "image/png"));
  } finally {
    URL.revokeObjectURL(address);
  }
}
