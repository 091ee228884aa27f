/** The style of buyers' pages: one column, system fonts, light and dark, nothing that moves. */
const written = `
:root{color-scheme:light dark;
--paper:light-dark(#f4f5f7,#101418);--card:light-dark(#fff,#1a2027);--ink:light-dark(#14202b,#e8edf2);--soft:light-dark(#51606e,#a3b1be);
--rule:light-dark(#d8dee4,#303a45);--edge:light-dark(#76838f,#7b8997);--accent:light-dark(#0b5f6b,#6fd3df);--on-accent:light-dark(#fff,#062a30);
--field:light-dark(#f0f5f6,#11181e);--good:light-dark(#12653a,#78d6a0);--wait:light-dark(#8a4b00,#f3bd6a);--bad:light-dark(#a3231f,#ff9d97)}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI","PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif;-webkit-text-size-adjust:100%;overflow-wrap:anywhere}
.column{max-width:40rem;margin:0 auto;padding:1rem}
header.top{display:flex;align-items:center;gap:.75rem;padding-block:.5rem 1rem}
.mark{flex:none;width:2.75rem;height:2.75rem;border-radius:.5rem;display:grid;place-items:center;background:var(--accent);color:var(--on-accent);font-size:1.25rem;font-weight:700}
.seller{flex:1;min-width:0}
.seller b{display:block;font-size:1.125rem;line-height:1.3}
.seller span,.small{color:var(--soft);font-size:.875rem}
h1{margin:0;font-size:1.5rem;line-height:1.3;letter-spacing:-.01em}
h2{margin:0;font-size:1.125rem;line-height:1.4}
h3{margin:0;font-size:1rem}
p{margin:.5rem 0 0}
.card{background:var(--card);border:1px solid var(--rule);border-radius:.75rem;padding:1.25rem;margin-block:0 1rem}
.state{display:flex;align-items:baseline;gap:.625rem}
.dot{flex:none;width:.75rem;height:.75rem;border-radius:50%;background:var(--tone)}
.good{--tone:var(--good)}.wait{--tone:var(--wait)}.bad{--tone:var(--bad)}.still{--tone:var(--edge)}
ul.lines{list-style:none;margin:1rem 0 0;padding:0}
ul.lines li{display:flex;gap:1rem;justify-content:space-between;padding-block:.625rem;border-top:1px solid var(--rule)}
ul.lines li>:last-child{flex:none;max-width:45%;text-align:end;color:var(--soft)}
.name{font-weight:600}
form{margin:0}
button,.button{display:inline-flex;align-items:center;justify-content:center;min-height:2.75rem;padding:.5rem 1rem;border:1px solid var(--edge);border-radius:.5rem;background:var(--card);color:var(--ink);font:inherit;font-weight:600;text-decoration:none;text-align:center;cursor:pointer}
button.main,.button.main{width:100%;min-height:3.25rem;border-color:var(--accent);background:var(--accent);color:var(--on-accent);font-size:1.125rem}
button:hover,.button:hover{border-color:var(--ink)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
a{color:var(--accent);text-underline-offset:.15em}
.reveal{margin-top:1.25rem}.reveal p{text-align:center}
.goods h2{margin-bottom:.75rem}
.field{background:var(--field);border:1px solid var(--rule);border-radius:.5rem;padding:.875rem 1rem;margin-top:.75rem}
.label{display:block;color:var(--soft);font-size:.875rem}
.code{display:block;font:600 1.75rem/1.35 ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono","Noto Sans Mono CJK SC",monospace;font-variant-ligatures:none;white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext;user-select:text;-webkit-user-select:text}
.code.long{font-size:1.25rem;font-weight:500}.code.longest{font-size:1rem;font-weight:500}
.code.many{font-size:1.25rem}
.row{display:flex;flex-wrap:wrap;gap:.625rem;margin-top:.75rem}
.row>form,.row>button,.row>a{flex:1 1 9rem}.row>form>button{width:100%}
.qr{margin-top:1rem;display:flex;flex-direction:column;align-items:center;gap:.375rem}
.qr svg{display:block;width:min(20rem,100%);height:auto;background:#fff;border-radius:.5rem;shape-rendering:crispEdges}
.steps{margin-top:1rem;padding-top:1rem;border-top:1px solid var(--rule)}
.steps p{white-space:pre-line}
.note{border-inline-start:4px solid var(--tone);padding-inline-start:.875rem;margin-top:1rem}
footer{color:var(--soft);font-size:.875rem;padding-block:.25rem 2rem}
footer h2{font-size:1rem;color:var(--ink)}
dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem;margin:.75rem 0 0}
dt{color:var(--soft)}dd{margin:0;text-align:end}
.live{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
[hidden]{display:none!important}
@media (min-width:48rem){.column{padding-block:2.5rem}.card{padding:1.75rem}.code{font-size:2rem}}
@media print{:root{color-scheme:light}button,.button,footer nav{display:none}.card{break-inside:avoid}}
`;

export const STYLE = written.trim().replaceAll("\n", "");
