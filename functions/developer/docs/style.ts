/** The style of the pages for developers: contents beside the text, system fonts, light and dark. */
const written = `
:root{color-scheme:light dark;
--paper:light-dark(#fff,#101418);--side:light-dark(#f4f5f7,#151b21);--ink:light-dark(#14202b,#e8edf2);--soft:light-dark(#51606e,#a3b1be);
--rule:light-dark(#d8dee4,#303a45);--accent:light-dark(#0b5f6b,#6fd3df);--field:light-dark(#f0f5f6,#1a2229)}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.65 system-ui,-apple-system,"Segoe UI",sans-serif;-webkit-text-size-adjust:100%;overflow-wrap:anywhere}
main{max-width:56rem;margin:0 auto;padding:1.25rem 1rem 4rem}
main.alone{max-width:44rem}
a{color:var(--accent);text-underline-offset:.15em}
h1,h2,h3,h4{line-height:1.3;text-wrap:balance}
h1{font-size:2rem;letter-spacing:-.02em}h2{font-size:1.5rem;margin:3rem 0 1rem;padding-top:1.5rem;border-top:1px solid var(--rule)}h3{font-size:1.2rem;margin:2rem 0 .75rem}h4{font-size:1rem;margin:0 0 .5rem}
h1 a,h2 a,h3 a,h4 a{color:inherit;text-decoration:none}h1 a:hover,h2 a:hover,h3 a:hover,h4 a:hover{text-decoration:underline}
p,li,dd{text-wrap:pretty}
code{font:.875em/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--field);padding:.1em .3em;border-radius:.25rem}
pre{margin:0;padding:1rem;overflow-x:auto;overflow-wrap:normal}pre code{background:none;padding:0}
.code{margin:1rem 0;border:1px solid var(--rule);border-radius:.625rem;background:var(--field);overflow:hidden}
.code figcaption{padding:.375rem 1rem;border-bottom:1px solid var(--rule);color:var(--soft);font-size:.8125rem;font-weight:600}
.wide{overflow-x:auto;margin:1rem 0;border:1px solid var(--rule);border-radius:.625rem}
table{border-collapse:collapse;width:100%;min-width:36rem;font-size:.9375rem;overflow-wrap:normal}
th,td{text-align:start;vertical-align:top;padding:.625rem .875rem;border-top:1px solid var(--rule)}thead th{border:0;background:var(--side)}
.call{margin-block:1.5rem;padding:1.25rem;border:1px solid var(--rule);border-radius:.75rem}.call h3{margin-top:0}
.label{margin:1.25rem 0 .5rem;color:var(--soft);font-size:.875rem;font-weight:600}
dl{margin:0}dl>div{padding:.5rem 0;border-top:1px solid var(--rule)}dt span{color:var(--soft);font-size:.875rem}dt em{color:var(--accent);font-size:.875rem;font-style:normal;font-weight:600}dd{margin:.125rem 0 0;font-size:.9375rem}
.side{display:none;background:var(--side);font-size:.9375rem}
nav ul,.top ul{list-style:none;margin:0;padding:0}nav ul ul,.top ul ul{padding-inline-start:.75rem}
nav li a,.top li a{display:block;padding:.25rem 0;color:var(--ink);text-decoration:none}nav li a:hover,.top li a:hover{color:var(--accent);text-decoration:underline}nav code,.top code{background:none;padding:0;font-size:.75rem}
.brand{margin:0 0 1rem;font-weight:700;font-size:1.125rem}
.top{margin-bottom:1rem;border:1px solid var(--rule);border-radius:.625rem;padding:.5rem 1rem}.top summary{min-height:2rem;line-height:2rem;font-weight:600;cursor:pointer}
.skip{position:absolute;inset-inline-start:-99rem}.skip:focus{inset-inline-start:1rem;top:.5rem;z-index:1;background:var(--paper);padding:.5rem}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
@media (min-width:64rem){body:has(.side){display:grid;grid-template-columns:20rem minmax(0,1fr)}.side{display:block;position:sticky;top:0;height:100vh;overflow-y:auto;padding:1.5rem;border-inline-end:1px solid var(--rule)}.top{display:none}main{padding:2.5rem}}
@media print{:root{color-scheme:light}.side,.top{display:none!important}body{display:block!important}.call,.code{break-inside:avoid}pre{white-space:pre-wrap}}
`;

export const STYLE = written.trim().replaceAll("\n", "");
