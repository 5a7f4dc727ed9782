//! The tutorials: what is typed, step by step.

use super::Mend::{Click, Hand};
use super::{Step, Tutorial};

pub const TUTORIALS: &[Tutorial] = &[
    Tutorial {
        title: "An image that says hello",
        about: "A container that prints a word, and another word if one is given to `docker run`. The tutorial is some \
                years old, so its base image is too.",
        steps: &[
            Step {
                what: "The file is empty. How does one begin?",
                file: "",
                said: &[(1, "missing-from", Hand)],
            },
            Step {
                what: "A letter in the wrong place:",
                file: "FORM python:3.14-slim\n",
                said: &[(1, "unknown-instruction", Click)],
            },
            Step {
                what: "The name and the version, run together:",
                file: "FROM python3.14-slim\n",
                said: &[(1, "misspelled-image", Click)],
            },
            Step {
                what: "As the tutorial says:",
                file: "FROM python:3.6-stretch\n",
                said: &[(1, "retired-tag", Click)],
            },
            Step {
                what: "The command as one would type it. `docker run hello you` should say *you*, but does not:",
                file: "FROM python:3.14-slim\nENTRYPOINT echo\nCMD [\"hello\"]\n",
                said: &[(2, "shell-form-command", Click), (3, "swallowed-cmd", Click)],
            },
            Step {
                what: "The next command of the tutorial, typed into the file instead of the terminal, and without the dot:",
                file: "FROM python:3.14-slim\nENTRYPOINT [\"echo\"]\nCMD [\"hello\"]\ndocker build -t hello\n",
                said: &[(4, "unknown-instruction", Click)],
            },
            Step {
                what: "With `RUN` before it, since a line must begin with an instruction:",
                file: "FROM python:3.14-slim\nENTRYPOINT [\"echo\"]\nCMD [\"hello\"]\nRUN docker build -t hello .\n",
                said: &[(4, "docker-in-run", Click)],
            },
            Step {
                what: "And the one after it: a name without a user belongs to Docker itself.",
                file: "FROM python:3.14-slim\nENTRYPOINT [\"echo\"]\nCMD [\"hello\"]\n$ docker push hello\n",
                said: &[(4, "unknown-instruction", Click)],
            },
            Step {
                what: "As it should be:",
                file: "FROM python:3.14-slim\nENTRYPOINT [\"echo\"]\nCMD [\"hello\"]\n",
                said: &[],
            },
        ],
    },
    Tutorial {
        title: "A Flask service with a model",
        about: "A service answers with what a model says; the model is a file made elsewhere.",
        steps: &[
            Step {
                what: "The base image of the tutorial:",
                file: "FROM python:3.9-slim-buster\n",
                said: &[(1, "retired-tag", Click)],
            },
            Step {
                what: "Into the folder of the program, as in a terminal:",
                file: "FROM python:3.14-slim\nRUN cd app\n",
                said: &[(2, "run-without-effect", Click)],
            },
            Step {
                what: "The packages first, but where is their list?",
                file: "FROM python:3.14-slim\nWORKDIR /app\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY . .\n",
                said: &[(3, "file-not-copied", Click)],
            },
            Step {
                what: "Everything is copied first:",
                file: "FROM python:3.14-slim\nWORKDIR /app\nCOPY . .\nRUN pip install --no-cache-dir -r requirements.txt\n",
                said: &[(3, "copy-before-install", Click)],
            },
            Step {
                what: "The model lies in another folder of the machine:",
                file: "FROM python:3.14-slim\nWORKDIR /app\nCOPY ../models/model.pkl .\nCOPY /home/me/model.pkl .\nCOPY ~/model.pkl .\n",
                said: &[
                    (3, "copy-from-outside-context", Click),
                    (4, "copy-from-outside-context", Click),
                    (5, "unexpanded-tilde", Click),
                ],
            },
            Step {
                what: "No folder was set:",
                file: "FROM python:3.14-slim\nCOPY app.py .\n",
                said: &[(2, "relative-copy-destination", Click)],
            },
            Step {
                what: "Quotes as in Python:",
                file: "FROM python:3.14-slim\nCMD ['python', 'app.py']\n",
                said: &[(2, "malformed-exec-form", Click)],
            },
            Step {
                what: "No quotes at all:",
                file: "FROM python:3.14-slim\nCMD [python, app.py]\n",
                said: &[(2, "malformed-exec-form", Click)],
            },
            Step {
                what: "The browser says that nobody answers:",
                file: "FROM python:3.14-slim\nEXPOSE 5000:5000\nCMD [\"flask\", \"--app\", \"app\", \"run\", \"--host=127.0.0.1\"]\n",
                said: &[(2, "port-mapping-in-expose", Click), (3, "listening-on-localhost", Click)],
            },
            Step {
                what: "The default of Flask is no better:",
                file: "FROM python:3.14-slim\nEXPOSE 5000\nCMD [\"flask\", \"run\"]\n",
                said: &[(3, "listening-on-localhost", Click)],
            },
            Step {
                what: "A user without rights, whom nobody has created:",
                file: "FROM python:3.14-slim\nUSER app\nCMD [\"python\", \"app.py\"]\n",
                said: &[(2, "user-never-created", Click)],
            },
            Step {
                what: "The service is started by the build, which never ends:",
                file: "FROM python:3.14-slim\nWORKDIR /app\nCOPY app.py ./\nRUN flask run --host=0.0.0.0\n",
                said: &[(4, "server-at-build-time", Click)],
            },
            Step {
                what: "As it should be:",
                file: "FROM python:3.14-slim\nWORKDIR /app\nCOPY requirements.txt ./\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY app.py model.pkl ./\nRUN useradd --create-home app\nUSER app\nEXPOSE 5000\nCMD [\"flask\", \"run\", \"--host=0.0.0.0\"]\n",
                said: &[],
            },
        ],
    },
    Tutorial {
        title: "Notebooks that outlive the container",
        about: "Jupyter in a container; the notebooks lie in a folder of the machine, the browser is on the machine too.",
        steps: &[
            Step {
                what: "A name as one would write it elsewhere, then with a blank too many:",
                file: "FROM python :3.14-slim\n",
                said: &[(1, "invalid-from-arguments", Click)],
            },
            Step {
                what: "Or with nothing but a blank between the name and the version:",
                file: "FROM python 3.14-slim\n",
                said: &[(1, "invalid-from-arguments", Click)],
            },
            Step {
                what: "The folder and the port of the machine are written into the file:",
                file: "FROM python:3.14-slim\nRUN pip install --no-cache-dir jupyterlab\nVOLUME ./notebooks:/notebooks\nEXPOSE 8888:8888\n",
                said: &[(3, "volume-mapping", Click), (4, "port-mapping-in-expose", Click)],
            },
            Step {
                what: "Jupyter starts, and the browser finds nothing:",
                file: "FROM python:3.14-slim\nRUN pip install --no-cache-dir jupyterlab\nEXPOSE 8888\nCMD [\"jupyter\", \"lab\"]\n",
                said: &[(4, "listening-on-localhost", Click)],
            },
            Step {
                what: "A guess at the name of the instruction, and a folder that depends on the base image:",
                file: "FROM python:3.14-slim\nWORKDIR notebooks\nPORT 8888\n",
                said: &[(2, "relative-workdir", Click), (3, "unknown-instruction", Click)],
            },
            Step {
                what: "One port is not enough:",
                file: "FROM python:3.14-slim\ndocker run -p 8888 notebooks\n",
                said: &[(2, "unknown-instruction", Click)],
            },
            Step {
                what: "As it should be; the folder is mounted with `docker run -v \"$PWD:/notebooks\" -p 8888:8888`:",
                file: "FROM python:3.14-slim\nRUN pip install --no-cache-dir jupyterlab\nRUN useradd --create-home app\nWORKDIR /notebooks\nVOLUME /notebooks\nUSER app\nEXPOSE 8888\nCMD [\"jupyter\", \"lab\", \"--ip=0.0.0.0\", \"--no-browser\"]\n",
                said: &[],
            },
        ],
    },
    Tutorial {
        title: "A script that writes a PDF",
        about: "The script needs a program that `apt` installs.",
        steps: &[
            Step {
                what: "As on the own machine:",
                file: "FROM python:3.14-slim\nRUN sudo apt-get install -y --no-install-recommends pandoc\n",
                said: &[(2, "sudo-in-run", Click), (2, "apt-install-without-update", Hand)],
            },
            Step {
                what: "One after the other:",
                file: "FROM python:3.14-slim\nRUN apt-get update\nRUN apt-get install pandoc\n",
                said: &[(2, "apt-get-update-alone", Click), (3, "apt-get-without-yes", Click)],
            },
            Step {
                what: "In one command, and the `\\` is forgotten:",
                file: "FROM python:3.14-slim\nRUN apt-get update &&\n    apt-get install -y --no-install-recommends pandoc\n",
                said: &[(3, "unknown-instruction", Click)],
            },
            Step {
                what: "A remark at the end of a line:",
                file: "FROM python:3.14-slim\nENV LANG=C.UTF-8 # for the PDF\n",
                said: &[(2, "missing-equals", Click)],
            },
            Step {
                what: "Settings as in a terminal:",
                file: "FROM python:3.14-slim\nRUN export PAPER=a4\nRUN . venv/bin/activate\n",
                said: &[(2, "run-without-effect", Click), (3, "run-without-effect", Hand)],
            },
            Step {
                what: "The command in one string, after another that is forgotten there:",
                file: "FROM python:3.14-slim\nCMD [\"python\", \"test.py\"]\nCMD [\"python report.py\"]\n",
                said: &[(2, "overridden-cmd", Click), (3, "program-with-blanks", Click)],
            },
            Step {
                what: "Where does it go?",
                file: "FROM python:3.14-slim\nWORKDIR /app\nCOPY report.py\n",
                said: &[(3, "copy-without-destination", Click)],
            },
            Step {
                what: "As it should be; the folder belongs to the user, so that the script can write the PDF there:",
                file: "FROM python:3.14-slim\nRUN apt-get update \\\n    && apt-get install -y --no-install-recommends pandoc \\\n    && rm -rf /var/lib/apt/lists/*\nWORKDIR /app\nCOPY report.py ./\nRUN useradd --create-home app && chown app:app /app\nUSER app\nCMD [\"python\", \"report.py\"]\n",
                said: &[],
            },
        ],
    },
];
