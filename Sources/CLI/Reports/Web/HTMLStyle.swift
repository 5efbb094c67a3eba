/// How the page of the HTML report looks, by light and by dark.
enum HTMLStyle {
  static let text = """
    :root { color-scheme: light dark; --ink: #1c1f23; --paper: #fff; --line: #d8dce1; --faint: #667; --bar: #3b7dd8; }
    @media (prefers-color-scheme: dark) {
      :root { --ink: #e6e8eb; --paper: #15181c; --line: #383e46; --faint: #99a; --bar: #5b97e6; }
    }
    body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem;
      margin: 2rem auto; padding: 0 1rem; }
    h1 { font-size: 1.5rem; margin: 0; }
    h2 { font-size: 1.15rem; margin: 0; overflow-wrap: anywhere; }
    h3 { font-size: 1rem; margin: 1.5rem 0 .4rem; }
    section { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: 1.5rem; }
    .figures { margin: .3rem 0 1rem; }
    .footer { color: var(--faint); white-space: pre-line; }
    table { border-collapse: collapse; width: 100%; }
    th { text-align: left; font-weight: 600; }
    th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem .3rem 0; vertical-align: top;
      overflow-wrap: anywhere; }
    .number { white-space: nowrap; text-align: right; font-variant-numeric: tabular-nums; }
    .bars td { border: 0; padding-block: .1rem; white-space: nowrap; }
    .bar { width: 60%; }
    .bar div { background: var(--bar); height: .8rem; min-width: 1px; border-radius: 2px; }
    .error, .warning, .info { font-weight: 600; }
    .error { color: #d1383d; } .warning { color: #b7791f; } .info { color: #3b7dd8; }
    pre { overflow-x: auto; font-size: 13px; margin: .4rem 0; }
    svg { width: 100%; height: auto; font: 11px system-ui, sans-serif; }
    svg text { fill: #fff; pointer-events: none; }
    svg .axis { fill: var(--faint); }
    .grid { stroke: var(--line); }
    .roof { stroke: var(--ink); stroke-width: 1.5; }
    circle { fill-opacity: .55; stroke: var(--paper); stroke-opacity: .6; }
    rect { stroke: var(--paper); }
    .inner { fill-opacity: .45; stroke-opacity: .5; filter: brightness(1.3); }
    .k0 { fill: #3b7dd8; } .k1 { fill: #2f9e6e; } .k2 { fill: #b7791f; } .k3 { fill: #8a63d2; } .k4 { fill: #c2497d; }
    .k5 { fill: #2b8c99; } .k6 { fill: #d1383d; } .k7 { fill: #6b7a8f; } .k8 { fill: #7a8b2f; } .k9 { fill: #a0653b; }
    .k10 { fill: #4a5bc4; } .k11 { fill: #4f8f3a; }

    """
}
