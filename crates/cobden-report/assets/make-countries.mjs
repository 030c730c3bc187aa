// Makes countries.txt from Natural Earth as packed in the npm package world-atlas 2.0.2. Run once, at development time; see README.md.
//   npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz && node make-countries.mjs package > countries.txt
import { readFileSync } from "node:fs";

const KEEP = 0.02; // triangles below this area (square degrees, at their latitude) are smoothed away
const SPECK = 0.08; // islands below this area are left out
const SMALL = 0.6; // countries below this area get a point, to be drawn as a dot
const CUT = -169; // the map is cut in the Bering Strait, so that Asia stays in one piece

// ISO 3166-1 numeric -> alpha-3.
const ISO3 = Object.fromEntries(`
004:AFG 008:ALB 010:ATA 012:DZA 016:ASM 020:AND 024:AGO 028:ATG 031:AZE 032:ARG 036:AUS 040:AUT 044:BHS 048:BHR 050:BGD 051:ARM 052:BRB 
056:BEL 060:BMU 064:BTN 068:BOL 070:BIH 072:BWA 076:BRA 084:BLZ 086:IOT 090:SLB 092:VGB 096:BRN 100:BGR 104:MMR 108:BDI 112:BLR 116:KHM 
120:CMR 124:CAN 132:CPV 136:CYM 140:CAF 144:LKA 148:TCD 152:CHL 156:CHN 158:TWN 170:COL 174:COM 178:COG 180:COD 184:COK 188:CRI 191:HRV 
192:CUB 196:CYP 203:CZE 204:BEN 208:DNK 212:DMA 214:DOM 218:ECU 222:SLV 226:GNQ 231:ETH 232:ERI 233:EST 234:FRO 238:FLK 239:SGS 242:FJI 
246:FIN 248:ALA 250:FRA 258:PYF 260:ATF 262:DJI 266:GAB 268:GEO 270:GMB 275:PSE 276:DEU 288:GHA 292:GIB 296:KIR 300:GRC 304:GRL 308:GRD 
316:GUM 320:GTM 324:GIN 328:GUY 332:HTI 334:HMD 336:VAT 340:HND 344:HKG 348:HUN 352:ISL 356:IND 360:IDN 364:IRN 368:IRQ 372:IRL 376:ISR 
380:ITA 384:CIV 388:JAM 392:JPN 398:KAZ 400:JOR 404:KEN 408:PRK 410:KOR 414:KWT 417:KGZ 418:LAO 422:LBN 426:LSO 428:LVA 430:LBR 434:LBY 
438:LIE 440:LTU 442:LUX 446:MAC 450:MDG 454:MWI 458:MYS 462:MDV 466:MLI 470:MLT 478:MRT 480:MUS 484:MEX 492:MCO 496:MNG 498:MDA 499:MNE 
500:MSR 504:MAR 508:MOZ 512:OMN 516:NAM 520:NRU 524:NPL 528:NLD 531:CUW 533:ABW 534:SXM 540:NCL 548:VUT 554:NZL 558:NIC 562:NER 566:NGA 
570:NIU 574:NFK 578:NOR 580:MNP 581:UMI 583:FSM 584:MHL 585:PLW 586:PAK 591:PAN 598:PNG 600:PRY 604:PER 608:PHL 612:PCN 616:POL 620:PRT 
624:GNB 626:TLS 630:PRI 634:QAT 642:ROU 643:RUS 646:RWA 652:BLM 654:SHN 659:KNA 660:AIA 662:LCA 663:MAF 666:SPM 670:VCT 674:SMR 678:STP 
682:SAU 686:SEN 688:SRB 690:SYC 694:SLE 702:SGP 703:SVK 704:VNM 705:SVN 706:SOM 710:ZAF 716:ZWE 724:ESP 728:SSD 729:SDN 732:ESH 740:SUR 
748:SWZ 752:SWE 756:CHE 760:SYR 762:TJK 764:THA 768:TGO 776:TON 780:TTO 784:ARE 788:TUN 792:TUR 795:TKM 796:TCA 798:TUV 800:UGA 804:UKR 
807:MKD 818:EGY 826:GBR 831:GGY 832:JEY 833:IMN 834:TZA 840:USA 850:VIR 854:BFA 858:URY 860:UZB 862:VEN 876:WLF 882:WSM 887:YEM 894:ZMB
`.trim().split(/\s+/).map((pair) => pair.split(":")));
// Shapes without an ISO code keep Natural Earth's own (XKX: in common use for Kosovo).
const OTHER = { "N. Cyprus": "CYN", Somaliland: "SOL", Kosovo: "XKX", "Indian Ocean Ter.": "IOA", "Siachen Glacier": "KAS" };

const folder = process.argv[2];
const read = (scale) => JSON.parse(readFileSync(`${folder}/countries-${scale}.json`, "utf8"));
const code = (country) => ISO3[country.id] ?? OTHER[country.properties.name];

// Arcs are stored as quantised differences.
function decode(topology) {
  const { scale: [kx, ky], translate: [dx, dy] } = topology.transform;
  return topology.arcs.map((arc) => {
    let x = 0, y = 0;
    return arc.map(([px, py]) => [(x += px) * kx + dx, (y += py) * ky + dy]);
  });
}

const triangle = (a, b, c) => {
  const shrink = Math.cos((b[1] * Math.PI) / 180);
  return Math.abs((a[0] - c[0]) * (b[1] - a[1]) - (a[0] - b[0]) * (c[1] - a[1])) / 2 * shrink;
};

// Visvalingam's algorithm: drop the point of the smallest triangle until none is below the limit. Borders are simplified
// once, as shared arcs, so neighbours still fit.
function simplify(arc) {
  const points = arc.slice();
  const closed = points.length > 2 && points[0].join() === points.at(-1).join();
  for (;;) {
    let smallest = KEEP, at = -1;
    for (let i = 1; i + 1 < points.length; i++) {
      const size = triangle(points[i - 1], points[i], points[i + 1]);
      if (size < smallest) [smallest, at] = [size, i];
    }
    if (at < 0 || (closed && points.length <= 5)) return points;
    points.splice(at, 1);
  }
}

const ring = (arcs, indices) => {
  const points = indices.flatMap((index, k) => {
    const arc = index < 0 ? arcs[~index].slice().reverse() : arcs[index];
    return k ? arc.slice(1) : arc;
  });
  return points.slice(0, -1);
};
const polygons = (country) => country.type === "Polygon" ? [country.arcs] : (country.arcs ?? []);
const area = (points) => {
  let twice = 0;
  points.forEach((p, k) => { const q = points[(k + 1) % points.length]; twice += p[0] * q[1] - q[0] * p[1]; });
  const latitude = points.reduce((sum, p) => sum + p[1], 0) / points.length;
  return Math.abs(twice) / 2 * Math.cos((latitude * Math.PI) / 180);
};
const centre = (points) => [0, 1].map((axis) => {
  const values = points.map((p) => p[axis]);
  return (Math.min(...values) + Math.max(...values)) / 2;
});

// A ring that crosses 180 degrees goes on beyond it.
function unwrap(points) {
  let [last, turns] = [points[0][0], 0];
  return points.map(([x, y]) => {
    if (Math.abs(x - last) > 180) turns += x > last ? -360 : 360;
    last = x;
    return [x + turns, y];
  });
}

const turn = ([x, y]) => [x < CUT ? x + 360 : x, y];
const round = ([x, y]) => [Math.round(x * 10), Math.round(y * 10)];
function encode(points) {
  const whole = points.map(round).filter((p, k, all) => k === 0 || p.join() !== all[k - 1].join());
  if (whole.length < 3) return null;
  let [x, y] = [0, 0];
  return whole.map(([px, py]) => { const d = `${px - x} ${py - y}`; [x, y] = [px, py]; return d; }).join(" ");
}

const medium = read("50m"), fine = read("10m");
const fullArcs = decode(medium), arcs = fullArcs.map(simplify);
const countries = new Map();
for (const country of medium.objects.countries.geometries) {
  const iso3 = code(country);
  if (!iso3 || iso3 === "ATA") continue;
  const entry = countries.get(iso3) ?? { name: country.properties.name, shapes: [], area: 0, largest: null };
  const whole = polygons(country).map((rings) => ring(fullArcs, rings[0]));
  entry.area += whole.reduce((sum, points) => sum + area(points), 0);
  entry.largest = [entry.largest, ...whole].filter(Boolean).sort((a, b) => area(b) - area(a))[0];
  const all = polygons(country).flatMap((rings) => rings.map((indices) => ring(arcs, indices)));
  // A country of specks alone is a point, not a shape.
  entry.shapes.push(...all.map(unwrap).filter((points) => points.length >= 3 && area(points) >= SPECK));
  countries.set(iso3, entry);
}
const fineArcs = decode(fine);
for (const country of fine.objects.countries.geometries) {
  const iso3 = code(country);
  if (!iso3 || iso3 === "ATA" || countries.has(iso3)) continue;
  const largest = polygons(country).map((rings) => ring(fineArcs, rings[0])).sort((a, b) => area(b) - area(a))[0];
  countries.set(iso3, { name: country.properties.name, shapes: [], area: 0, largest });
}

console.log("# Natural Earth, public domain; see README.md. CODE NAME, then its rings: first point and differences, tenths of a degree");
console.log("# (longitude latitude ...), closed by themselves, even-odd; @ longitude latitude: a point for a country too small to see.");
for (const [iso3, { name, shapes, area: size, largest }] of [...countries].sort(([a], [b]) => (a < b ? -1 : 1))) {
  console.log(`${iso3} ${name}`);
  if (size < SMALL && largest) console.log(`@ ${round(turn(centre(largest))).join(" ")}`);
  for (const points of shapes) {
    const middle = centre(points);
    const line = encode(middle[0] < CUT ? points.map(([x, y]) => [x + 360, y]) : points);
    if (line) console.log(line);
  }
}
