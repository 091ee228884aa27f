/** The style of buyers' pages: one column, system fonts, light and dark, nothing that moves. */
const written = `
:root{color-scheme:light dark;
--paper:light-dark(#f4f5f7,#101418);--card:light-dark(#fff,#1a2027);--ink:light-dark(#14202b,#e8edf2);--soft:light-dark(#51606e,#a3b1be);
--rule:light-dark(#d8dee4,#303a45);--edge:light-dark(#76838f,#7b8997);--accent:light-dark(#0b5f6b,#6fd3df);--on-accent:light-dark(#fff,#062a30);
--field:light-dark(#f0f5f6,#11181e);--good:light-dark(#12653a,#78d6a0);--wait:light-dark(#8a4b00,#f3bd6a);--bad:light-dark(#a3231f,#ff9d97)}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.6 system-ui,-apple-system,"Segoe UI","PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif;-webkit-text-size-adjust:100%;overflow-wrap:anywhere}
.column{max-width:40rem;margin:0 auto;padding:1rem}
header.top{display:flex;align-items:center;gap:.75rem;padding-block:.25rem 1rem}
.mark{flex:none;width:2.75rem;height:2.75rem;border-radius:.75rem;display:grid;place-items:center;background:var(--accent);color:var(--on-accent);font-size:1.25rem;font-weight:700}
.seller{flex:1;min-width:0;line-height:1.35}
.seller b{display:block;font-size:1.0625rem}
.seller span,.small{color:var(--soft);font-size:.875rem}
header.top>a{display:inline-flex;align-items:center;min-height:2.75rem;padding-inline:.5rem;margin-inline-end:-.5rem;text-decoration:none}
h1{margin:0;font-size:1.5rem;line-height:1.3;letter-spacing:-.01em;text-wrap:balance}
h2{margin:0;font-size:1.0625rem;line-height:1.4}
h3{margin:0;font-size:1rem}
p{margin:.5rem 0 0;text-wrap:pretty}
.card{background:var(--card);border:1px solid var(--rule);border-radius:1rem;padding:1.25rem;margin-block:0 1rem}
.state{display:flex;align-items:baseline;gap:.625rem}
.dot{flex:none;width:.75rem;height:.75rem;border-radius:50%;background:var(--tone)}
.good{--tone:var(--good)}.wait{--tone:var(--wait)}.bad{--tone:var(--bad)}.still{--tone:var(--edge)}
.track{list-style:none;display:flex;margin:1.25rem 0 0;padding:0;font-size:.875rem;color:var(--soft)}
.track li{flex:1;position:relative;padding-top:1.375rem;padding-inline-end:.5rem;line-height:1.35}
.track li::before{content:"";position:absolute;top:.375rem;inset-inline:0;height:.25rem;background:var(--rule)}
.track li::after{content:"";position:absolute;top:0;inset-inline-start:0;width:1rem;height:1rem;border-radius:50%;background:var(--card);border:.1875rem solid var(--edge)}
.track li.over::before{background:var(--tone)}.track li.over::after{background:var(--tone);border-color:var(--tone)}
.track li[aria-current]{color:var(--ink);font-weight:600}.track li[aria-current]::after{border-color:var(--tone)}
.track li:last-child{flex:none}.track li:last-child::before{content:none}
ul.lines{list-style:none;margin:1.25rem 0 0;padding:0}
ul.lines li{display:flex;gap:1rem;justify-content:space-between;align-items:baseline;padding-top:.75rem;border-top:1px solid var(--rule)}
ul.lines li+li{margin-top:.75rem}
ul.lines li>:last-child{flex:none;max-width:45%;text-align:end;color:var(--soft)}
.name{font-weight:600;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:3;overflow:hidden}
form{margin:0}
button,.button{display:inline-flex;align-items:center;justify-content:center;min-height:2.75rem;padding:.5rem 1rem;border:1px solid var(--edge);border-radius:.625rem;background:var(--card);color:var(--ink);font:inherit;font-weight:600;line-height:1.35;text-decoration:none;text-align:center;cursor:pointer}
button.main,.button.main{width:100%;min-height:3.25rem;border-color:var(--accent);background:var(--accent);color:var(--on-accent);font-size:1.0625rem}
button:hover,.button:hover{border-color:var(--ink)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
a{color:var(--accent);text-underline-offset:.15em}
.asked{display:grid;gap:.25rem;margin-top:1.25rem}.asked label{font-weight:600}.asked+p{margin-top:1.25rem}
input[type=text]{width:100%;min-height:2.75rem;padding:.5rem .75rem;border:1px solid var(--edge);border-radius:.625rem;background:var(--field);color:var(--ink);font:inherit}
input.digits{max-width:13rem;font:600 1.375rem/1.4 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;letter-spacing:.12em}
input[aria-invalid=true]{border:2px solid var(--bad)}
.wrong{margin-top:1.25rem;padding:.75rem 1rem;border:2px solid var(--bad);border-radius:.625rem}.wrong a{color:var(--bad)}
.reveal{margin-top:1.25rem}.reveal p{text-align:center}
.goods>h1,.goods>h2{font-size:1.0625rem;letter-spacing:0;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:3;overflow:hidden}
.field{background:var(--field);border:1px solid var(--rule);border-radius:.75rem;padding:.875rem 1rem 1rem;margin-top:.75rem;container-type:inline-size}
.label{display:block;color:var(--soft);font-size:.875rem}
.code{display:block;padding-block:.25rem;font:700 2rem/1.35 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono","Noto Sans Mono CJK SC",monospace;font-variant-ligatures:none;white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext;user-select:text;-webkit-user-select:text}
.s .code{font-size:min(2.5rem,13cqi)}.m .code{font-size:min(2.125rem,9.9cqi)}.l .code{font-size:min(2rem,8.2cqi)}.xl .code{font-size:clamp(1.125rem,5.7cqi,1.75rem)}
.long .code{font-size:1.25rem}.longest .code{font-size:1rem;font-weight:500;max-height:14rem;overflow:auto}
.row{display:flex;flex-wrap:wrap;gap:.625rem;margin-top:.75rem}
.row>form,.row>button,.row>a{flex:1 1 9rem}.row>form>button{width:100%}
.many{list-style:none;margin:1rem 0 0;padding:0}
.many li{border-top:1px solid var(--rule);padding-block:.75rem}
.many .field{background:none;border:0;padding:0;margin:0;display:grid;grid-template-columns:1fr auto;gap:0 .75rem;align-items:center}
.many .label{grid-column:1/-1}.many .code{font-size:1.125rem;font-weight:600;padding:0}.many .row{margin:0}
.many form button{border:0;padding-inline:0;background:none;color:var(--accent);font-weight:400;text-decoration:underline;text-underline-offset:.15em}
.under{display:grid;gap:1.25rem;margin-top:1.25rem;padding-top:1.25rem;border-top:1px solid var(--rule)}
.under:empty{display:none}
.qr{display:flex;flex-direction:column;align-items:center;gap:.375rem}
.qr svg{display:block;width:min(17rem,100%);height:auto;background:#fff;border-radius:.75rem;shape-rendering:crispEdges}
.steps p{white-space:pre-line}
footer{color:var(--soft);font-size:.875rem;padding:.25rem .25rem 2rem}
footer h2{font-size:1rem;color:var(--ink)}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem;margin:.75rem 0 0}
dt{color:var(--soft)}dd{margin:0;text-align:end}
.live{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
[hidden]{display:none!important}
@media (min-width:48rem){.column{padding-block:2.5rem}.card{padding:1.75rem}.under{grid-template-columns:1fr auto}.qr svg{width:15rem}.under>.qr:first-child{grid-column:2;grid-row:1}}
@media print{:root{color-scheme:light}button,.button,header.top>a{display:none}.card{break-inside:avoid}.longest .code{max-height:none}}
`;

export const STYLE = written.trim().replaceAll("\n", "");
