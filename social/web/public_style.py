"""The one style sheet of the pages that residents open: nothing in it needs a new phone, and nothing is asked of others."""

import hashlib

STYLE = """
html{font-size:100%;-webkit-text-size-adjust:100%;overflow-y:scroll}
body{margin:0;background:#fff;color:#0b0c0c;font:1.125rem/1.5 Arial,Helvetica,sans-serif}
a{color:#12436d}
a:hover{color:#0b2a45}
.skip{position:absolute;left:-999em}
.skip:focus{position:static;display:block;padding:.75rem 1rem}
header{background:#12436d;color:#fff;border-bottom:.5rem solid #f0b323}
header div,main,footer div{max-width:40rem;margin:0 auto;padding:0 1rem}
header p{margin:0;padding:.875rem 0;font-size:1.125rem}
header .other{float:right;padding:.875rem 0 .875rem 1rem}
header .other a{color:#fff;display:inline-block;padding:.125rem 0}
header strong{display:block;font-size:1.375rem;line-height:1.2}
main{padding-top:1.5rem;padding-bottom:3rem;word-wrap:break-word;overflow-wrap:break-word}
form{margin:0 0 1.25rem}
footer{background:#f3f2f1;border-top:1px solid #b1b4b6}
footer div{padding-top:1.25rem;padding-bottom:2rem}
footer p{margin:.5rem 0;font-size:1rem}
h1{font-size:2rem;line-height:1.15;margin:0 0 1rem}
h2{font-size:1.375rem;line-height:1.25;margin:2rem 0 .5rem}
h3{font-size:1.125rem;margin:1.5rem 0 .25rem}
p,ul,dl{margin:0 0 1rem}
ul{padding-left:1.25rem}
dt{font-weight:bold}
dd{margin:0 0 1rem}
table{border-collapse:collapse;width:100%;margin:0 0 1rem}
caption{text-align:left;font-weight:bold;padding-bottom:.25rem}
th,td{text-align:left;vertical-align:top;padding:.5rem .75rem .5rem 0;border-bottom:1px solid #b1b4b6}
fieldset{border:0;margin:0 0 1.75rem;padding:0;min-width:0}
legend{font-size:1.25rem;font-weight:bold;padding:0;margin-bottom:.25rem}
fieldset fieldset{margin:0 0 1rem}
fieldset fieldset legend{font-size:1.125rem}
.field{margin:0 0 1.75rem}
label{font-weight:bold}
.choice{position:relative;padding:0 0 0 2.75rem;min-height:2.75rem}
.choice label{display:inline-block;padding:.5rem 0;font-weight:normal}
.choice input{position:absolute;left:0;top:.4rem;width:1.9rem;height:1.9rem;margin:0}
.hint{color:#505a5f;margin:0 0 .375rem;font-size:1rem}
.wrong{color:#b10e1e;font-weight:bold;margin:0 0 .375rem}
.at-fault{border-left:.3125rem solid #b10e1e;padding-left:.9375rem}
input[type=text],input[type=email],input[type=tel],select,textarea{display:block;-webkit-box-sizing:border-box;box-sizing:border-box;width:100%;max-width:100%;min-height:2.75rem;margin:.25rem 0 0;padding:.375rem .5rem;border:2px solid #0b0c0c;border-radius:0;background:#fff;color:#0b0c0c;font:inherit}
select.short,input.short{width:auto;min-width:9rem}
.at-fault input[type=text],.at-fault input[type=email],.at-fault input[type=tel],.at-fault select,.at-fault textarea{border-color:#b10e1e}
button{min-height:2.75rem;margin:.5rem .75rem .5rem 0;padding:.625rem 1.25rem;border:2px solid #12436d;border-radius:0;background:#12436d;color:#fff;font:inherit;font-weight:bold;cursor:pointer;-webkit-appearance:none}
button:hover{background:#0b2a45}
button.second{background:#fff;color:#12436d}
button.second:hover{background:#eef3f8}
button.leave{background:#b10e1e;border-color:#b10e1e}
button.leave:hover{background:#7f0a16}
.problem{border:.25rem solid #b10e1e;padding:1rem;margin:0 0 1.5rem}
.problem h2{margin:0 0 .5rem}
.problem ul{list-style:none;margin:0;padding:0}
.problem li{margin:.375rem 0}
.problem a{color:#b10e1e;font-weight:bold;display:inline-block;padding:.125rem 0}
.done{background:#e8f3ec;border-left:.5rem solid #00703c;padding:1rem;margin:0 0 1.5rem}
.done p,.note p{margin:0}
.note{border-left:.5rem solid #b1b4b6;padding:.5rem 1rem;margin:0 0 1.5rem}
.skip:focus,a:focus,button:focus,input:focus,select:focus,textarea:focus,summary:focus,.problem:focus{outline:.1875rem solid #0b0c0c;outline-offset:.125rem;-webkit-box-shadow:0 0 0 .125rem #fd0;box-shadow:0 0 0 .125rem #fd0}
header a:focus{outline-color:#fff}
details{margin:0 0 .5rem;border-bottom:1px solid #b1b4b6}
summary{padding:.625rem 0;cursor:pointer;font-weight:bold;color:#12436d}
@media print{header,footer,button{display:none}}
"""
STYLE_PATH = "/alerts/style.css"
STYLE_ADDRESS = f"{STYLE_PATH}?{hashlib.sha256(STYLE.encode()).hexdigest()[:12]}"
"""Another sheet has another address, so that a browser may keep the one it knows."""
