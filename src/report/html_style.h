// The style sheet of the HTML report.
#pragma once

#include <string_view>

namespace cupel::report {

inline constexpr std::string_view html_style = R"css(
:root { --paper: #fff; --ink: #1b1f24; --soft: #59636e; --line: #d1d9e0; --panel: #f6f8fa; --error: #cf222e; --warning: #9a6700;
  --info: #0969da; --good: #1a7f37; --mark: #fff1c2; --ae: #cf222e; --e: #bc4c00; --sre: #9a6700; --s: #6639ba; --sue: #57606a; --on: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #0d1117; --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --panel: #151b23; --error: #f85149; --warning: #d29922;
    --info: #4493f8; --good: #3fb950; --mark: #4d3a00; --ae: #f85149; --e: #db6d28; --sre: #d29922; --s: #ab7df8; --sue: #9198a1; --on: #0d1117; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1100px; margin: 0 auto; padding: 1.5rem; }
h1 { margin: 0; font-size: 1.6rem; } h2 { margin: 2.2rem 0 .6rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); font-size: 1.25rem; }
h3.file { margin: 1.6rem 0 .6rem; font: 600 .95rem ui-monospace, monospace; overflow-wrap: anywhere; }
h4 { margin: 0 0 .3rem; font-size: 1rem; font-weight: 600; overflow-wrap: anywhere; }
p { margin: .35rem 0; } a { color: var(--info); } nav a { margin-right: 1rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .85rem; }
.muted { color: var(--soft); } text.muted { fill: var(--soft); }
.pill { display: inline-block; margin-right: .4rem; padding: .05rem .55rem; border: 1px solid var(--line); border-radius: 1rem; font-size: .8rem; font-weight: 600; }
.pill.error { color: var(--error); border-color: var(--error); } .pill.warning { color: var(--warning); border-color: var(--warning); }
.pill.info { color: var(--info); border-color: var(--info); } .pill.good { color: var(--good); border-color: var(--good); }
.finding { margin: .8rem 0; padding: .8rem 1rem; border: 1px solid var(--line); border-left: 4px solid var(--info); border-radius: 6px; }
.finding.error { border-left-color: var(--error); } .finding.warning { border-left-color: var(--warning); }
pre { margin: .5rem 0; padding: .6rem .8rem; background: var(--panel); border-radius: 6px; overflow-x: auto; }
pre.safe { border-left: 3px solid var(--good); } .advice { font-weight: 600; }
mark { background: var(--mark); color: inherit; } .number { color: var(--soft); user-select: none; }
.effects { margin: .4rem 0; padding: 0; list-style: none; } .effects li { margin: .2rem 0; }
.lock { padding: .05rem .4rem; border-radius: 4px; color: var(--on); font-size: .72rem; font-weight: 600; white-space: nowrap; }
.ae { background: var(--ae); } .e { background: var(--e); } .sre { background: var(--sre); } .s { background: var(--s); } .sue { background: var(--sue); }
.timeline { margin: .8rem 0; } .timeline summary { cursor: pointer; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; } table { margin: .4rem 0; border-collapse: collapse; font-size: .85rem; }
th { padding: .2rem .5rem; color: var(--soft); font-weight: 600; text-align: left; } td { padding: .2rem .5rem; }
tr.begins td { border-top: 1px solid var(--line); } td.sql { max-width: 44rem; font-family: ui-monospace, monospace; font-size: .8rem; overflow-wrap: anywhere; }
td.cell { border-radius: 0; text-align: center; } td.held { opacity: .45; }
.legend .lock { margin-right: .3rem; }
svg.graph { font: 13px ui-monospace, monospace; } svg text { fill: var(--ink); white-space: pre; } svg text.muted { fill: var(--soft); }
.edges path { fill: none; stroke: var(--line); stroke-width: 2; } circle { fill: var(--good); stroke: var(--paper); stroke-width: 2; }
circle.history { fill: var(--paper); stroke: var(--soft); } circle.error { fill: var(--error); } circle.warning { fill: var(--warning); }
circle.info { fill: var(--info); }
)css";

}  // namespace cupel::report
