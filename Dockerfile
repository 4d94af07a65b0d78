# JupyterLab with the C# kernel and the notebooks, in the shape that Binder and JupyterHub take: a user of its own with
# a home, no root, Jupyter on the PATH.
#   docker build -t backprop . && docker run --rm -p 8888:8888 backprop
FROM mcr.microsoft.com/dotnet/sdk:10.0

ARG NB_USER=jovyan
ARG NB_UID=1000

RUN apt-get update -q \
    && apt-get install -y -q --no-install-recommends python3 python3-venv \
    && rm -rf /var/lib/apt/lists/* \
    && python3 -m venv /opt/jupyter \
    && /opt/jupyter/bin/pip install --no-cache-dir jupyterlab jupyterhub

ENV PATH=/opt/jupyter/bin:$PATH \
    HOME=/home/${NB_USER} \
    DOTNET_CLI_TELEMETRY_OPTOUT=1 \
    DOTNET_NOLOGO=1

# Some images come with a user of this number.
RUN if id -u ${NB_UID} >/dev/null 2>&1; then userdel --remove "$(id -un ${NB_UID})"; fi \
    && useradd --create-home --uid ${NB_UID} --shell /bin/bash ${NB_USER}
WORKDIR ${HOME}/backprop
COPY --chown=${NB_UID}:${NB_UID} . .
RUN chown ${NB_UID}:${NB_UID} .
USER ${NB_USER}

# The steps of CI. The kernel takes the name that the notebooks are saved for, so that they open without a choice.
RUN dotnet build \
    && dotnet run --project lib/Backprop.Notebooks -- kernel install --name .net-csharp

EXPOSE 8888
CMD ["jupyter", "lab", "--ip=0.0.0.0", "--port=8888", "--no-browser", "notebooks"]
